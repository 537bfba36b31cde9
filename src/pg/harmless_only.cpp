#include "pg/harmless_only.hpp"

namespace datasurface::pg {

namespace {

bool only_harmless = false;

class Restored {
public:
    Restored() : before(only_harmless) { only_harmless = true; }
    ~Restored() { only_harmless = before; }
    Restored(const Restored &) = delete;
    Restored &operator=(const Restored &) = delete;

private:
    bool before;
};

} // namespace

void with_harmless_code_only(const std::function<void()> &body)
{
    Restored const restored;
    body();
}

bool harmless_code_only() noexcept
{
    return only_harmless;
}

} // namespace datasurface::pg
