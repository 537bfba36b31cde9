#include "remote/kept.hpp"

#define XXH_INLINE_ALL
#include <xxhash.h>

namespace datasurface::remote {

namespace {

// Pointers, because at the end of the process nothing is destroyed: the system closes the socket.
Connection *kept = nullptr;
std::string *kept_key = nullptr;

void add(std::string &key, const std::string &part)
{
    key += std::to_string(part.size()) + ":" + part;
}

std::string digest_of(const Login &login)
{
    XXH128_hash_t const user = XXH3_128bits(login.user.data(), login.user.size());
    XXH128_hash_t const password =
        XXH3_128bits_withSeed(login.password.data(), login.password.size(), user.low64 ^ user.high64);
    return std::to_string(password.high64) + "." + std::to_string(password.low64);
}

} // namespace

std::unique_ptr<Connection> take_kept(const std::string &key)
{
    std::unique_ptr<Connection> connection(kept);
    kept = nullptr;
    if (connection == nullptr || *kept_key != key || !connection->is_alive())
        return nullptr;
    return connection;
}

void keep(const std::string &key, std::unique_ptr<Connection> connection)
{
    auto name = std::make_unique<std::string>(key);
    std::unique_ptr<Connection> const before(kept);
    delete kept_key;
    kept_key = name.release();
    kept = connection.release();
}

std::string key_of(const model::Source &source, const Login &login, const std::string &owner)
{
    std::string key;
    for (const std::string &part : {source.name, source.host, source.hostaddr, std::to_string(source.port),
                                    source.database, owner, login.user, digest_of(login)})
        add(key, part);
    for (const auto &[keyword, value] : source.options) {
        add(key, keyword);
        add(key, value);
    }
    return key;
}

} // namespace datasurface::remote
