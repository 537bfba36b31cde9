// Private to the model: the options of libpq that a source may set, and those that it may not.
#pragma once

#include <array>
#include <cstdint>
#include <limits>
#include <span>
#include <string_view>

namespace datasurface::model {

namespace option_words {
inline constexpr std::string_view sslmode[] = {"disable", "allow", "prefer", "require", "verify-ca", "verify-full"};
inline constexpr std::string_view tls_version[] = {"TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3"};
inline constexpr std::string_view wanted[] = {"disable", "prefer", "require"};
inline constexpr std::string_view session[] = {"any",     "read-write", "read-only",
                                               "primary", "standby",    "prefer-standby"};
inline constexpr std::string_view balance[] = {"disable", "random"};
} // namespace option_words

// One of some words; a whole number up to `most`; or a text, if there is neither.
struct Option {
    std::string_view name;
    std::span<const std::string_view> words = {};
    int most = 0;
};

inline constexpr int any_number = std::numeric_limits<int>::max();

inline constexpr Option all_options[] = {
    {"channel_binding", option_words::wanted},
    {"connect_timeout", {}, 3600},
    {"gssencmode", option_words::wanted},
    {"keepalives", {}, 1},
    {"keepalives_count", {}, any_number},
    {"keepalives_idle", {}, any_number},
    {"keepalives_interval", {}, any_number},
    {"load_balance_hosts", option_words::balance},
    {"ssl_max_protocol_version", option_words::tls_version},
    {"ssl_min_protocol_version", option_words::tls_version},
    {"sslcrl"},
    {"sslcrldir"},
    {"sslmode", option_words::sslmode},
    {"sslrootcert"},
    {"sslsni", {}, 1},
    {"target_session_attrs", option_words::session},
    {"tcp_user_timeout", {}, any_number},
};

constexpr bool is_number(std::string_view option)
{
    for (const Option &one : all_options)
        if (one.name == option)
            return one.most > 0;
    return false;
}

} // namespace datasurface::model
