#include "remote/secret.hpp"

#include <cerrno>
#include <climits>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.hpp"
#include "base/sqlstate.hpp"
#include "base/text.hpp"

namespace datasurface::remote {

namespace {

constexpr std::size_t largest = 8192; // bytes of a file

[[noreturn]] void fail(const std::string &path, const std::string &why, const std::string &hint = {})
{
    Error error(sqlstate::config_file_error, "the secret file " + shown(path) + " cannot be used", why + ".", hint);
    error.is_final = true;
    throw error;
}

class Descriptor {
public:
    explicit Descriptor(int number) : number_(number) {}
    Descriptor(const Descriptor &) = delete;
    Descriptor &operator=(const Descriptor &) = delete;
    ~Descriptor()
    {
        if (number_ >= 0)
            close(number_);
    }
    int number() const { return number_; }

private:
    int number_;
};

std::string resolved(const std::string &path, const std::string &shown_path)
{
    char buffer[PATH_MAX];
    if (realpath(path.c_str(), buffer) == nullptr)
        fail(shown_path, std::strerror(errno),
             "It is looked for below datasurface.secrets_directory, and read by the account of the server.");
    return buffer;
}

bool is_below(const std::string &path, const std::string &root)
{
    return path.size() > root.size() && path.starts_with(root) && (root == "/" || path[root.size()] == '/');
}

// As for the server's own private key.
void require_private(const struct stat &file, const std::string &path)
{
    if (!S_ISREG(file.st_mode))
        fail(path, "It is no regular file");
    if (file.st_uid != geteuid() && file.st_uid != 0)
        fail(path, "It belongs to another account than the server's or root", "chown the file.");
    mode_t const others = file.st_uid == 0 ? S_IRWXO | S_IWGRP | S_IXGRP : S_IRWXO | S_IRWXG;
    if ((file.st_mode & others) != 0)
        fail(path, "Others may read or change it",
             "chmod it to 0600 or less; 0640 or less if it belongs to root and is read through its group.");
}

// Drops the end of the line that editors and shells write.
std::size_t without_end_of_line(const char *text, std::size_t size)
{
    if (size > 0 && text[size - 1] == '\n')
        --size;
    if (size > 0 && text[size - 1] == '\r')
        --size;
    return size;
}

void read_all(int file, const std::string &path, std::string &into)
{
    char buffer[largest + 1];
    std::size_t size = 0;
    while (size < sizeof buffer) {
        ssize_t const got = read(file, buffer + size, sizeof buffer - size);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            fail(path, std::strerror(errno));
        if (got == 0)
            break;
        size += static_cast<std::size_t>(got);
    }
    bool const fits = size <= largest;
    size = without_end_of_line(buffer, size);
    bool const is_text = std::memchr(buffer, '\0', size) == nullptr;
    if (fits && is_text)
        into.assign(buffer, size);
    explicit_bzero(buffer, sizeof buffer);
    if (!fits)
        fail(path, "It is larger than " + std::to_string(largest) + " bytes");
    if (!is_text || size == 0)
        fail(path, is_text ? "It is empty" : "It holds a byte that is zero");
}

void read_secret(const std::string &root, const std::string &directory, const char *name, std::string &into)
{
    std::string const path = directory + "/" + name; // for messages: where the root is, is nobody's business
    std::string const real = resolved(root + "/" + path, path);
    if (!is_below(real, root))
        fail(path, "It is a symbolic link that leads out of datasurface.secrets_directory");
    Descriptor const file(open(real.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
    struct stat about {};
    if (file.number() < 0 || fstat(file.number(), &about) != 0)
        fail(path, std::strerror(errno), "It is read by the account of the server.");
    require_private(about, path);
    read_all(file.number(), path, into);
}

} // namespace

LoginPointer read_login(const std::string &root, const std::string &directory)
{
    if (root.empty())
        throw Error(sqlstate::config_file_error, "datasurface.secrets_directory is not set",
                    "The credential is a directory below it.", "Let a superuser set it in postgresql.conf.");
    auto login = std::make_unique<Login>();
    std::string const real_root = resolved(root, "datasurface.secrets_directory");
    read_secret(real_root, directory, "username", login->user);
    read_secret(real_root, directory, "password", login->password);
    return login;
}

} // namespace datasurface::remote
