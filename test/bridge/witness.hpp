// What bears witness that destructors ran: an object that counts how many of its kind are alive.
#pragma once

#include <string>

namespace datasurface::bridge {

class Witness {
public:
    Witness() { ++alive; }
    Witness(const Witness &) = delete;
    Witness &operator=(const Witness &) = delete;
    ~Witness() { --alive; }

    static inline int alive = 0;

private:
    // memory as well, so that a skipped destructor is a leak too
    std::string ballast = std::string(64, 'x');
};

} // namespace datasurface::bridge
