// Faults for check_headers: what is declared here, and not defined in planted.cpp.
#pragma once

#include <functional>
#include <string>

namespace datasurface::shape {

struct Planted {
    std::function<void(int)> not_a_function;
    int defined_here() const { return 1; }
    int defined_below() const;
    int defined_beside() const;
    explicit Planted(int value);

    struct Inner {
        void defined_elsewhere();
    };
};

inline int Planted::defined_below() const
{
    return 2;
}

extern const int planted_value;
extern const int planted_elsewhere;

int overloaded(int value);
int overloaded(const std::string &value);
int is_private(int value);
[[noreturn]] void refuse_planted(const std::string &why = "a (reason)");

} // namespace datasurface::shape
