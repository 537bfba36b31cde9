// A user name and a password for a source. They are overwritten when the object goes; it is never copied.
#pragma once

#include <memory>
#include <string>

namespace datasurface::remote {

struct Login {
    Login() = default;
    Login(const Login &) = delete;
    Login &operator=(const Login &) = delete;
    ~Login();

    std::string user;
    std::string password;
};

using LoginPointer = std::unique_ptr<const Login>;

// Overwrites the text, also where the compiler sees that nobody reads it again.
void overwrite(std::string &text) noexcept;

} // namespace datasurface::remote
