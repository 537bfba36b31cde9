#include "remote/plan_options.hpp"

#include <charconv>

namespace datasurface::remote {

namespace {

constexpr char no_file[] = "/dev/null/none"; // there cannot be one
constexpr int default_connect_timeout = 30;

struct Default {
    const char *keyword;
    const char *value;
};

// A source that has gone away without a word is noticed in about a minute.
constexpr Default defaults[] = {
    {"gssencmode", "disable"}, {"keepalives_idle", "30"},     {"keepalives_interval", "10"},
    {"keepalives_count", "3"}, {"tcp_user_timeout", "60000"},
};

bool is_known(const std::string &keyword, int libpq_version)
{
    return keyword != "load_balance_hosts" || libpq_version >= 160000;
}

} // namespace

std::vector<Option> options_of(const model::Source &source, const std::string &encoding, int libpq_version)
{
    std::vector<Option> options{
        {"host", source.host},       {"port", std::to_string(source.port)},
        {"dbname", source.database}, {"client_encoding", encoding},
        {"passfile", no_file},       {"sslcert", no_file},
        {"sslkey", no_file},         {"fallback_application_name", "datasurface"},
    };
    if (!source.hostaddr.empty())
        options.push_back({"hostaddr", source.hostaddr});
    for (const auto &[keyword, value] : source.options)
        if (is_known(keyword, libpq_version))
            options.push_back({keyword, value});
    for (const Default &one : defaults)
        if (!source.options.contains(one.keyword))
            options.push_back({one.keyword, one.value});
    return options;
}

int connect_timeout(const model::Source &source)
{
    auto const found = source.options.find("connect_timeout");
    if (found == source.options.end())
        return default_connect_timeout;
    int seconds = 0;
    (void)std::from_chars(found->second.data(), found->second.data() + found->second.size(), seconds);
    return seconds > 0 ? seconds : default_connect_timeout;
}

} // namespace datasurface::remote
