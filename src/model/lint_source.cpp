#include "model/lint_source.hpp"

#include <algorithm>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/text.hpp"
#include "model/duration.hpp"
#include "model/lint_access.hpp"
#include "model/lint_names.hpp"
#include "model/unknown_place.hpp"

namespace datasurface::model {

namespace {

// What libpq or a reader may take for a connection string. It may have a password in it.
bool is_connection_string(std::string_view text, std::string_view marks)
{
    return text.find_first_of(marks) != std::string_view::npos || text.find("://") != std::string_view::npos ||
           has_control_character(text);
}

bool is_host(const std::string &host)
{
    return !is_connection_string(host, " @=?&'\"\\");
}

// A database may have nearly any name, but none that libpq reads as a connection string.
bool is_database(const std::string &database)
{
    return !is_connection_string(database, "@=");
}

// Whether one of the hosts has a port behind it: "db1:5432". An address of IPv6 has more colons.
bool has_port(std::string_view hosts)
{
    while (true) {
        std::string_view const host = hosts.substr(0, hosts.find(','));
        std::size_t const colon = host.find(':');
        if (colon != std::string_view::npos && !host.starts_with('/') &&
            (host.starts_with('[') || host.find(':', colon + 1) == std::string_view::npos))
            return true;
        if (host.size() == hosts.size())
            return false;
        hosts.remove_prefix(host.size() + 1);
    }
}

// The host is not shown, because who writes a connection string there may write a password too.
void lint_host(const std::string &host, const Pointer &at, Report &report)
{
    if (!is_host(host))
        report
            .error(at, "invalid_host", "the host is a name, an address, or the directory of a socket",
                   "Write \"db1.example.org\", say. Port and database have members of their own, and the user is said "
                   "by the credential.");
    else if (has_port(host))
        report.error(at, "invalid_host", "the host is a name, an address, or the directory of a socket, without a port",
                     "Write the port in the member \"port\".");
}

void lint_place(const Place &place, const Pointer &at, Report &report)
{
    lint_host(place.host, at / "host", report);
    lint_host(place.hostaddr, at / "hostaddr", report);
    if (is_database(place.database))
        return lint_name(place.database, at / "database", "a database", longest_identifier, report);
    report.error(at / "database", "invalid_database", "the database is a name, not a connection string",
                 "Write the name only. Host and port have members of their own, and the credential says who logs in. "
                 "Change a password that others may have seen in this document.");
}

// False: a part of it is missing, or reported as faulty.
bool is_place(const Place &place)
{
    return !place.host.empty() && !place.database.empty() && place.port != unknown_port && is_host(place.host) &&
           !has_port(place.host) && is_host(place.hostaddr) && !has_port(place.hostaddr) && is_database(place.database);
}

constexpr std::int64_t longest_timeout = 2'147'483'647; // milliseconds, as PostgreSQL's setting has it

void lint_timeout(const std::string &text, const Pointer &at, Report &report)
{
    if (text.empty())
        return;
    std::optional<std::int64_t> const length = milliseconds(text);
    if (!length)
        report.error(at, "invalid_timeout", "a timeout is a whole number and a unit, not " + shown(text),
                     "Write \"30min\", say; units are ms, s, min, h and d. \"0\" is no limit.");
    else if (*length > longest_timeout)
        report.error(at, "invalid_timeout", "a timeout is at most 24 days, not " + shown(text), "\"0\" is no limit.");
}

bool is_below(std::string_view directory)
{
    while (true) {
        std::string_view const part = directory.substr(0, directory.find('/'));
        if (part.empty() || part == "." || part == "..")
            return false;
        if (part.size() == directory.size())
            return true;
        directory.remove_prefix(part.size() + 1);
    }
}

// A place that could not be read may be any.
bool is_for(const Credential &credential, const Place &place)
{
    auto const may_be = [&place](const Place &other) { return other == place || !is_place(other); };
    return credential.kind != CredentialKind::files ||
           std::any_of(credential.sources.begin(), credential.sources.end(), may_be);
}

std::vector<std::string> differing_members(const Place &one, const Place &other)
{
    std::vector<std::string> members;
    for (const auto &[member, differs] : {std::pair("host", one.host != other.host),
                                          {"hostaddr", one.hostaddr != other.hostaddr},
                                          {"port", one.port != other.port},
                                          {"database", one.database != other.database}})
        if (differs)
            members.push_back("\"" + std::string(member) + "\"");
    return members;
}

// Of the place of the credential that is most like the source's: its members that are others. Empty: there is no place.
std::string differences(const Credential &credential, const Place &place)
{
    std::vector<std::string> fewest;
    for (const Place &other : credential.sources)
        if (std::vector<std::string> const found = differing_members(other, place);
            fewest.empty() || found.size() < fewest.size())
            fewest = found;
    std::string text;
    for (const std::string &member : fewest)
        text += (text.empty() ? "" : ", ") + member;
    return text;
}

void lint_use(const Source &source, const Credential &credential, const Pointer &at, Report &report)
{
    if (!is_place(source) || is_for(credential, source))
        return;
    std::string const others = differences(credential, source);
    report.error(at, "not_for_this_place",
                 "credential " + shown(source.credential) + " is not for this host, port and database" +
                     (others.empty() ? "" : "; it has another " + others),
                 "Its \"sources\" list the places that its password may be sent to, with host, hostaddr, port and "
                 "database. The owner of the extension may add one.");
}

} // namespace

void lint_source(const Source &source, const Known &known, const Pointer &at, Report &report)
{
    lint_name(source.name, at / "name", "a source", longest_name, report);
    lint_name(source.owner, at / "owner", "an owner", longest_identifier, report);
    lint_place(source, at, report);
    lint_timeout(source.statement_timeout, at / "statement_timeout", report);
    known.lint_reference(source, at, report);
    if (const Credential *const credential = known.find_credential(source.credential))
        lint_use(source, *credential, at / "credential", report);
}

void lint_credential(const Credential &credential, const Pointer &at, Report &report)
{
    lint_name(credential.name, at / "name", "a credential", longest_name, report);
    lint_name(credential.owner, at / "owner", "an owner", longest_identifier, report);
    lint_name(credential.server, at / "server", "a foreign server", longest_identifier, report);
    lint_roles(credential.roles, at / "roles", "a role", report);
    if (!credential.directory.empty() &&
        (!is_below(credential.directory) || has_control_character(credential.directory)))
        report.error(at / "directory", "invalid_directory",
                     "the directory is a path below datasurface.secrets_directory, not " + shown(credential.directory),
                     "It does not begin or end with a slash, and has no \".\" or \"..\" in it.");
    for (std::size_t i = 0; i < credential.sources.size() && !report.full(); ++i)
        lint_place(credential.sources[i], at / "sources" / i, report);
}

void lint_kept_sources(const Model &document, const Model &kept, Report &report)
{
    std::map<std::string_view, std::size_t> positions;
    for (std::size_t i = 0; i < document.credentials.size(); ++i)
        if (!document.credentials[i].name.empty())
            positions.emplace(document.credentials[i].name, i);
    for (const Source &source : kept.sources) {
        auto const found = positions.find(source.credential);
        if (found == positions.end() || is_for(document.credentials[found->second], source))
            continue;
        report.error(Pointer() / "credentials" / found->second / "sources", "credential_is_used",
                     "source " + shown(source.name) + " uses the credential, which is not for its place any more",
                     "List its host, port and database too, or load the source in the same document.");
    }
}

} // namespace datasurface::model
