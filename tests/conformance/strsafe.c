/* strsafe.h: copy, append, format, measure; truncation and refusals, 8-bit and wide. */
#include "check.h"
#include <tchar.h>
#include <strsafe.h>

static void is(const TCHAR *got, const TCHAR *expected)
{
    char a[64], b[64];
    int i;
    for (i = 0; i < 63 && got[i]; i++)
        a[i] = (char)got[i];
    a[i] = 0;
    for (i = 0; i < 63 && expected[i]; i++)
        b[i] = (char)expected[i];
    b[i] = 0;
    CHECK_STR(a, b);
}

static void copying(void)
{
    TCHAR t[8] = TEXT("??");
    CHECK_EQ(StringCchCopy(t, 8, TEXT("seven77")), S_OK);
    is(t, TEXT("seven77"));
    CHECK_EQ(StringCchCopy(t, 8, TEXT("eight888")), STRSAFE_E_INSUFFICIENT_BUFFER);
    is(t, TEXT("eight88"));
    CHECK_EQ(StringCchCopy(t, 1, TEXT("x")), STRSAFE_E_INSUFFICIENT_BUFFER);
    is(t, TEXT(""));
    CHECK_EQ(StringCchCopy(t, 0, TEXT("x")), STRSAFE_E_INVALID_PARAMETER);
    CHECK_EQ(StringCchCopy(t, (size_t)STRSAFE_MAX_CCH + 1, TEXT("x")), STRSAFE_E_INVALID_PARAMETER);
    CHECK_EQ(StringCbCopy(t, sizeof t, TEXT("bytes")), S_OK);
    is(t, TEXT("bytes"));
    CHECK_EQ(StringCchCopyN(t, 8, TEXT("abcdef"), 3), S_OK);
    is(t, TEXT("abc"));
    CHECK_EQ(StringCchCopyN(t, 3, TEXT("abcdef"), 4), STRSAFE_E_INSUFFICIENT_BUFFER);
    is(t, TEXT("ab"));
    CHECK_EQ(StringCbCopyN(t, sizeof t, TEXT("abcdef"), 2 * sizeof(TCHAR)), S_OK);
    is(t, TEXT("ab"));
}

static void appending(void)
{
    TCHAR t[8] = TEXT("abc");
    CHECK_EQ(StringCchCat(t, 8, TEXT("de")), S_OK);
    is(t, TEXT("abcde"));
    CHECK_EQ(StringCchCat(t, 8, TEXT("fghi")), STRSAFE_E_INSUFFICIENT_BUFFER);
    is(t, TEXT("abcdefg"));
    CHECK_EQ(StringCchCopy(t, 8, TEXT("1")), S_OK);
    CHECK_EQ(StringCchCatN(t, 8, TEXT("2345"), 2), S_OK);
    is(t, TEXT("123"));
    CHECK_EQ(StringCbCat(t, sizeof t, TEXT("4")), S_OK);
    is(t, TEXT("1234"));
    CHECK_EQ(StringCbCatN(t, sizeof t, TEXT("56"), sizeof(TCHAR)), S_OK);
    is(t, TEXT("12345"));
}

static void measuring(void)
{
    TCHAR t[8] = TEXT("abc");
    size_t length = 77;
    CHECK_EQ(StringCchLength(t, 8, &length), S_OK);
    CHECK_EQ(length, 3);
    CHECK_EQ(StringCbLength(t, sizeof t, &length), S_OK);
    CHECK_EQ(length, 3 * sizeof(TCHAR));
    CHECK_EQ(StringCchLength(t, 3, &length), STRSAFE_E_INVALID_PARAMETER);
    CHECK_EQ(StringCchLength(NULL, 3, &length), STRSAFE_E_INVALID_PARAMETER);
    CHECK_EQ(StringCchLength(t, 8, NULL), S_OK);
}

static void formatting(void)
{
    TCHAR t[32];
    char a[32];
    CHECK_EQ(StringCchPrintfA(a, 32, "%d|%s|%05.1f|%x", -3, "str", 2.5, 255), S_OK);
    CHECK_STR(a, "-3|str|002.5|ff");
    CHECK_EQ(StringCchPrintfA(a, 5, "%s", "longer"), STRSAFE_E_INSUFFICIENT_BUFFER);
    CHECK_STR(a, "long");
    CHECK_EQ(StringCchPrintf(t, 32, TEXT("%d-%u-%c"), 1, 2u, 'x'), S_OK);
    is(t, TEXT("1-2-x"));
    CHECK_EQ(StringCbPrintf(t, sizeof t, TEXT("%5d|%-5d|"), 42, 42), S_OK);
    is(t, TEXT("   42|42   |"));
    CHECK_EQ(StringCchPrintf(t, 4, TEXT("%d"), 123456), STRSAFE_E_INSUFFICIENT_BUFFER);
    is(t, TEXT("123"));
}

static void values(void)
{
    CHECK_EQ(S_OK, 0);
    CHECK_EQ(STRSAFE_E_INSUFFICIENT_BUFFER, 0x8007007A);
    CHECK_EQ(STRSAFE_E_INVALID_PARAMETER, 0x80070057);
    CHECK_EQ(STRSAFE_MAX_CCH, 2147483647);
    CHECK(SUCCEEDED(S_OK) && FAILED(STRSAFE_E_INVALID_PARAMETER));
}

int main(void)
{
    RUN(values);
    RUN(copying);
    RUN(appending);
    RUN(measuring);
    RUN(formatting);
    return check_result();
}
