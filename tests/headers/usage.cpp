// usage.cpp: usage.c as C++, with the headers among those of the C++ library.
#include <iostream>
#include <string>

#include "usage.c"

#include <algorithm>
#include <thread>
#include <vector>

// Arrays know their size.
struct array_forms {
    array_forms()
    {
        char narrow[4];
        WCHAR wide[4];
        CHECK(strcpy_s(narrow, "abc") == 0 && strcat_s(narrow, "d") == ERANGE);
        CHECK(sprintf_s(narrow, "%d", 123) == 3 && strncpy_s(narrow, "abcdef", _TRUNCATE) != 0);
        CHECK(std::string(narrow) == "abc");
        CHECK(wcscpy_s(wide, W32_WIDE("abc")) == 0 && swprintf_s(wide, W32_WIDE("%d"), 1) == 1);
        CHECK(std::min(1, 2) == 1 && std::max(1, 2) == 2);
    }
} static array_forms_checked;
