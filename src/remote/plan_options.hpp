// The options of libpq that a connection to a source is made with.
#pragma once

#include <string>
#include <vector>

#include "model/source.hpp"

namespace datasurface::remote {

struct Option {
    std::string keyword;
    std::string value;

    bool operator==(const Option &) const = default;
};

// All options of a connection but user and password. What the model does not set has a value here where libpq would otherwise take
// one from a file or a ticket of the server's own account.
// encoding: PostgreSQL's name of this database's. libpq_version: as PQlibVersion returns it.
std::vector<Option> options_of(const model::Source &source, const std::string &encoding, int libpq_version);

// Seconds until a connection that does not come about is given up: PQconnectPoll does not look at the option.
int connect_timeout(const model::Source &source);

} // namespace datasurface::remote
