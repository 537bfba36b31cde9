#include "model/lint_source.hpp"

#include <algorithm>
#include <map>
#include <string_view>

#include "base/text.hpp"
#include "model/lint_access.hpp"
#include "model/lint_names.hpp"

namespace datasurface::model {

namespace {

// The host is not shown, because who writes a connection string there may write a password too.
void lint_host(const std::string &host, const Pointer &at, Report &report)
{
    if (host.find_first_of(" @=?&'\"\\") != std::string::npos || host.find("://") != std::string::npos ||
        has_control_character(host))
        report
            .error(at, "invalid_host", "the host is a name, an address, or the directory of a socket",
                   "Write \"db1.example.org\", say. Port and database have members of their own, and the user is said "
                   "by the credential.");
}

void lint_place(const Place &place, const Pointer &at, Report &report)
{
    lint_host(place.host, at / "host", report);
    lint_host(place.hostaddr, at / "hostaddr", report);
    lint_name(place.database, at / "database", "a database", longest_identifier, report);
}

// A whole number and a unit, as PostgreSQL reads it. At most 24 days, in milliseconds.
bool is_timeout(std::string_view text)
{
    constexpr std::int64_t most = 2'147'483'647;
    constexpr std::pair<std::string_view, std::int64_t> units[] = {{"", 1},          {"ms", 1},
                                                                   {"s", 1000},      {"min", 60'000},
                                                                   {"h", 3'600'000}, {"d", 86'400'000}};
    std::size_t const digits = std::min(text.find_first_not_of("0123456789"), text.size());
    if (digits == 0 || digits > 10)
        return false;
    std::int64_t const number = std::stoll(std::string(text.substr(0, digits)));
    std::string_view unit = text.substr(digits);
    unit.remove_prefix(std::min(unit.find_first_not_of(' '), unit.size()));
    for (const auto &[name, milliseconds] : units)
        if (unit == name)
            return number <= most / milliseconds;
    return false;
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

bool is_for(const Credential &credential, const Place &place)
{
    return credential.kind != CredentialKind::files ||
           std::find(credential.sources.begin(), credential.sources.end(), place) != credential.sources.end();
}

} // namespace

void lint_source(const Source &source, const Known &known, const Pointer &at, Report &report)
{
    lint_name(source.name, at / "name", "a source", longest_name, report);
    lint_name(source.owner, at / "owner", "an owner", longest_identifier, report);
    lint_place(source, at, report);
    if (!source.statement_timeout.empty() && !is_timeout(source.statement_timeout))
        report.error(at / "statement_timeout", "invalid_timeout",
                     "a timeout is a whole number and a unit, not " + shown(source.statement_timeout),
                     "Write \"30min\", say; units are ms, s, min, h and d. 0 is none.");
    known.lint_reference(source, at, report);
    const Credential *const credential = known.find_credential(source.credential);
    if (credential != nullptr && !source.host.empty() && !source.database.empty() && !is_for(*credential, source))
        report.error(at / "credential", "not_for_this_place",
                     "credential " + shown(source.credential) + " is not for this host, port and database",
                     "Its \"sources\" list the places that its password may be sent to, with host, hostaddr, port and "
                     "database. The owner of the extension may add one.");
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
