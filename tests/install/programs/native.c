/* A user's program on the native face. */
#include <stdio.h>
#include <waitobj/waitobj.h>

int main(void)
{
    wo_handle events[2];
    size_t index = 99;
    if (wo_event_create(&events[0], NULL, 0, NULL) != 0 ||
        wo_event_create(&events[1], NULL, WO_EVENT_SIGNALED, NULL) != 0)
        return 1;
    if (wo_wait_any(events, 2, 0, &index) != 0 || index != 1)
        return 2;
    if (wo_close(events[0]) != 0 || wo_close(events[1]) != 0)
        return 3;
    printf("waitobj %s\n", wo_version());
    return 0;
}
