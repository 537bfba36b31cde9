#include "shape/planted.hpp"

namespace datasurface::shape {

namespace {

int is_private(int value) // not the one that the header declares
{
    return value;
}

} // namespace

const int planted_value = 1;

int Planted::defined_beside() const
{
    return is_private(3);
}

int overloaded(int value)
{
    return overloaded(std::to_string(value));
}

} // namespace datasurface::shape
