// Textbook C++: a class around a handle, a producer and a consumer with two auto-reset events.
#include <Windows.h>
#include <iostream>
#include <string>
#include <vector>
using namespace std;

class CEvent
{
    HANDLE m_hEvent;
public:
    explicit CEvent(BOOL bManual = FALSE, BOOL bInitial = FALSE, LPCTSTR pszName = nullptr)
        : m_hEvent(::CreateEvent(nullptr, bManual, bInitial, pszName)) {}
    ~CEvent() { if (m_hEvent) ::CloseHandle(m_hEvent); }
    BOOL Set() { return ::SetEvent(m_hEvent); }
    bool Wait(DWORD dwMilliseconds = INFINITE)
    {
        return ::WaitForSingleObject(m_hEvent, dwMilliseconds) == WAIT_OBJECT_0;
    }
};

struct CONTEXT_DATA
{
    CEvent full, empty{FALSE, TRUE};
    int item = 0;
    vector<int> received;
};

DWORD CALLBACK Producer(PVOID pv)
{
    auto* ctx = static_cast<CONTEXT_DATA*>(pv);
    for (int i = 1; i <= 100; ++i) {
        ctx->empty.Wait();
        ctx->item = i;
        ctx->full.Set();
    }
    return 0;
}

DWORD CALLBACK Consumer(PVOID pv)
{
    auto* ctx = reinterpret_cast<CONTEXT_DATA*>(pv);
    for (int i = 1; i <= 100; ++i) {
        ctx->full.Wait();
        ctx->received.push_back(ctx->item);
        ctx->empty.Set();
    }
    return 0;
}

int main()
{
    CONTEXT_DATA ctx;
    HANDLE h[2];
    h[0] = CreateThread(NULL, 0, Producer, &ctx, 0, NULL);
    h[1] = CreateThread(NULL, 0, Consumer, &ctx, 0, nullptr);
    if (WaitForMultipleObjects(ARRAYSIZE(h), h, TRUE, INFINITE) == WAIT_FAILED)
        cout << "error " << GetLastError() << endl;
    long sum = 0;
    for (auto n : ctx.received)
        sum += n;
    cout << "received " << ctx.received.size() << " items, sum " << sum << endl;
    for (HANDLE one : h)
        CloseHandle(one);
}
