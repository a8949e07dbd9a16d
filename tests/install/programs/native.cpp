// A user's C++ program on the native face.
#include <waitobj/waitobj.h>

int main()
{
    wo_handle event = WO_NO_HANDLE;
    if (wo_event_create(&event, "Local\\install test", WO_EVENT_MANUAL, nullptr) != 0)
        return 1;
    if (wo_wait(event, 0) == 0 || wo_event_set(event) != 0 || wo_wait(event, WO_INFINITE) != 0)
        return 2;
    return wo_close(event);
}
