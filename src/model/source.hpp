// What a model says of other servers: where they are, how somebody logs in there, and what a dataset reads. Nothing here is secret.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace datasurface::model {

enum class SourceKind { postgresql };
enum class CredentialKind { files, user_mapping };
enum class MatchColumns { subset, exact }; // whether the table may have columns that the dataset does not have

using Roles = std::vector<std::string>;

// A database of a server. What is equal here is one place: a password that is meant for it may be sent there.
struct Place {
    std::string host;     // as libpq takes it; one that begins with / is the directory of a socket
    std::string hostaddr; // instead of looking up the host; empty: none
    int port = 5432;
    std::string database;

    bool operator==(const Place &) const = default;
};

// A server from which the datasets of stores are pulled.
struct Source : Place {
    std::string name;
    std::string description;
    SourceKind kind = SourceKind::postgresql;
    std::string owner; // a role; empty: the role that loads the model
    std::string credential;
    std::map<std::string, std::string> options; // of libpq, but for what Place has; only those that the model allows
    std::optional<int> connections;             // at the same time, of all sessions; none: any number
    std::string statement_timeout;              // of its session there, as PostgreSQL's setting takes it; empty: 0
};

// How a session logs in at a source.
struct Credential {
    std::string name;
    std::string description;
    CredentialKind kind = CredentialKind::files;
    std::string
        owner; // user_mapping: a role; empty: the role that loads the model. files: empty, the extension's owner

    // files: user and password lie in files of this server.
    std::string directory; // below datasurface.secrets_directory
    Roles roles;           // that may use it, as owners of stores
    std::vector<Place> sources;

    // user_mapping: the store's owner has a user mapping for it.
    std::string server;
};

// A table, by its names in its database. They are exact: nothing is folded to lower case.
struct TableName {
    std::string schema;
    std::string name;
};

// The table that a dataset is read from.
struct From {
    TableName table;
    std::string filter; // a condition in SQL, over the columns of the table; empty: all rows
    MatchColumns match_columns = MatchColumns::subset;
};

constexpr std::string_view word(SourceKind)
{
    return "postgresql";
}

constexpr std::string_view word(CredentialKind value)
{
    return value == CredentialKind::files ? "files" : "user_mapping";
}

constexpr std::string_view word(MatchColumns value)
{
    return value == MatchColumns::subset ? "subset" : "exact";
}

} // namespace datasurface::model
