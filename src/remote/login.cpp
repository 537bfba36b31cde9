#include "remote/login.hpp"

#include <cstring>

namespace datasurface::remote {

void overwrite(std::string &text) noexcept
{
    text.resize(text.capacity()); // does not allocate
    explicit_bzero(text.data(), text.size());
    text.clear();
}

Login::~Login()
{
    overwrite(user);
    overwrite(password);
}

} // namespace datasurface::remote
