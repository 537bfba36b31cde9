#include "model/read_source.hpp"

#include <array>
#include <string>
#include <utility>

#include "model/closing.hpp"
#include "model/read_store.hpp"
#include "model/source_options.hpp"
#include "model/unknown_place.hpp"

namespace datasurface::model {

namespace {

constexpr std::size_t longest_path = 1'000; // characters
constexpr std::size_t longest_host = 1'000; // characters; a list of hosts is one text
constexpr std::size_t longest_timeout = 50; // characters
constexpr int most_connections = 1'000;

constexpr BlankText no_host{"empty_host", "the host"};
constexpr BlankText no_address{"empty_host", "the address"};
constexpr BlankText no_timeout{"empty_timeout", "the timeout"};
constexpr BlankText no_option{"empty_option", "the option"};
constexpr BlankText no_directory{"empty_directory", "the directory"};
constexpr EmptyList no_places{Severity::warning, "no_sources", "no source can use the credential"};
constexpr EmptyList no_roles{Severity::warning, "no_roles", "nobody but superusers can use the credential"};
constexpr LongList many_places{10'000, "too_many_sources", "a credential may have 10000 sources; here are "};

// ---- places ----

Slot host_slot(void *place)
{
    return Text{&as<Place>(place).host, &no_host, longest_host};
}

Slot hostaddr_slot(void *place)
{
    return Text{&as<Place>(place).hostaddr, &no_address, longest_host};
}

// A port that cannot be read leaves 0: the place is unknown, and compared with no other.
Slot port_slot(void *place)
{
    as<Place>(place).port = unknown_port;
    return whole_into(as<Place>(place).port, 1, 65535);
}

Slot database_slot(void *place)
{
    return name_into(as<Place>(place).database);
}

constexpr Member place_members[] = {
    {"host", true, host_slot},
    {"hostaddr", false, hostaddr_slot},
    {"port", false, port_slot},
    {"database", true, database_slot},
};
constexpr std::string_view by_credential = "The credential of the source says who logs in.";
constexpr std::string_view is_database = "It is \"database\" here.";

constexpr RefusedMember refused_in_places[] = {
    {"user", by_credential},
    {"username", by_credential},
    {"dbname", is_database, "database"},
};

void finish_place(void *object, Closing &closing)
{
    for (const Member &member : place_members)
        if (closing.has(member.name) && !closing.could_read(member.name))
            as<Place>(object).port = unknown_port;
    if (closing.has("hostaddr") && as<Place>(object).hostaddr.empty())
        as<Place>(object).port = unknown_port;
}

constexpr Shape place_shape{"a place", place_members, finish_place, {}, refused_in_places};

Slot place_slot(Place &place)
{
    return Object{&place, &place_shape};
}

// ---- options ----

template <std::size_t i>
Slot option_slot(void *source)
{
    constexpr const Option &option = all_options[i];
    auto &options = as<Source>(source).options;
    if constexpr (!option.words.empty())
        return Word{source,
                    [](void *place, std::size_t position) {
                        as<Source>(place).options[std::string(option.name)] = option.words[position];
                    },
                    option.words};
    else if constexpr (option.most > 0)
        return Number{source,
                      [](void *place, double value) {
                          as<Source>(place).options[std::string(option.name)] =
                              std::to_string(static_cast<std::int64_t>(value));
                      },
                      0,
                      option.most,
                      true,
                      false};
    else
        return Text{&options[std::string(option.name)], &no_option, longest_path};
}

template <std::size_t... i>
constexpr std::array<Member, sizeof...(i)> members_of_options(std::index_sequence<i...>)
{
    return {Member{all_options[i].name, false, option_slot<i>}...};
}

constexpr auto option_members = members_of_options(std::make_index_sequence<std::size(all_options)>());

constexpr std::string_view beside = "It stands beside \"options\", in the source itself.";
constexpr std::string_view set_by_us = "A session of datasurface sets it itself.";
constexpr std::string_view no_file = "It would let the files of this server decide who logs in.";

constexpr RefusedMember refused_options[] = {
    {"user", by_credential},
    {"username", by_credential},
    {"passfile", by_credential},
    {"service", no_file},
    {"servicefile", no_file},
    {"sslcert", by_credential},
    {"sslkey", by_credential},
    {"krbsrvname", by_credential},
    {"gsslib", by_credential},
    {"gssdelegation", by_credential},
    {"require_auth", by_credential},
    {"requirepeer", by_credential},
    {"host", beside, "host", true},
    {"hostaddr", beside, "hostaddr", true},
    {"port", beside, "port", true},
    {"dbname", "It is \"database\", beside \"options\".", "database", true},
    {"options", set_by_us},
    {"replication", set_by_us},
    {"client_encoding", set_by_us},
    {"application_name", set_by_us},
    {"fallback_application_name", set_by_us},
};

// A text that could not be read.
void finish_options(void *object, Closing &closing)
{
    for (const Option &option : all_options)
        if (closing.has(option.name) && !closing.could_read(option.name))
            as<Source>(object).options.erase(std::string(option.name));
}

constexpr Shape options_shape{"a set of options", option_members, finish_options, {}, refused_options};

// ---- sources ----

constexpr Member source_members[] = {
    {"name", true, [](void *source) -> Slot { return name_into(as<Source>(source).name); }},
    {"was", false, nullptr, [](Notes &notes) -> Slot { return name_into(notes.was); }},
    {"description", false, [](void *source) -> Slot { return description_into(as<Source>(source).description); }},
    {"kind", true, [](void *source) -> Slot { return word_into<SourceKind::postgresql>(as<Source>(source).kind); }},
    {"owner", false, [](void *source) -> Slot { return name_into(as<Source>(source).owner); }},
    {"host", true, [](void *source) -> Slot { return host_slot(static_cast<Place *>(&as<Source>(source))); }},
    {"hostaddr", false, [](void *source) -> Slot { return hostaddr_slot(static_cast<Place *>(&as<Source>(source))); }},
    {"port", false, [](void *source) -> Slot { return port_slot(static_cast<Place *>(&as<Source>(source))); }},
    {"database", true, [](void *source) -> Slot { return database_slot(static_cast<Place *>(&as<Source>(source))); }},
    {"options", false,
     [](void *source) -> Slot {
         return Object{source, &options_shape};
     }},
    {"credential", true, [](void *source) -> Slot { return name_into(as<Source>(source).credential); }},
    {"connections", false,
     [](void *source) -> Slot { return whole_into(as<Source>(source).connections, 1, most_connections); }},
    {"statement_timeout", false,
     [](void *source) -> Slot {
         return Text{&as<Source>(source).statement_timeout, &no_timeout, longest_timeout};
     }},
};

void finish_source(void *object, Closing &closing)
{
    closing.want_description(as<Source>(object).description);
    closing.note_former_name(closing.notes.sources_were);
    finish_place(static_cast<Place *>(&as<Source>(object)), closing);
}

constexpr Shape source_shape{"a source", source_members, finish_source, {}, refused_in_places};

// ---- credentials ----

constexpr Member credential_members[] = {
    {"name", true, [](void *credential) -> Slot { return name_into(as<Credential>(credential).name); }},
    {"was", false, nullptr, [](Notes &notes) -> Slot { return name_into(notes.was); }},
    {"description", false,
     [](void *credential) -> Slot { return description_into(as<Credential>(credential).description); }},
    {"kind", true,
     [](void *credential) -> Slot {
         return word_into<CredentialKind::files, CredentialKind::user_mapping>(as<Credential>(credential).kind);
     }},
    {"directory", false,
     [](void *credential) -> Slot {
         return Text{&as<Credential>(credential).directory, &no_directory, longest_path};
     }},
    {"roles", false, [](void *credential) -> Slot { return names_into(as<Credential>(credential).roles, no_roles); }},
    {"sources", false,
     [](void *credential) -> Slot {
         return list_into<place_slot>(as<Credential>(credential).sources, no_places, many_places);
     }},
    {"owner", false, [](void *credential) -> Slot { return name_into(as<Credential>(credential).owner); }},
    {"server", false, [](void *credential) -> Slot { return name_into(as<Credential>(credential).server); }},
};

void require(Closing &closing, std::string_view member, CredentialKind kind)
{
    if (!closing.has(member))
        closing.report.error(closing.at(), "missing_member",
                             "a credential of kind \"" + std::string(word(kind)) + "\" lacks the member \"" +
                                 std::string(member) + "\"");
}

void refuse(Closing &closing, std::string_view member, CredentialKind kind, const std::string &hint)
{
    if (closing.has(member))
        closing.report.error(closing.at(member), "unexpected_member",
                             "a credential of kind \"" + std::string(word(kind)) + "\" has no member \"" +
                                 std::string(member) + "\"",
                             hint);
}

// The kind may come after the other members.
void finish_credential(void *object, Closing &closing)
{
    Credential &credential = as<Credential>(object);
    closing.want_description(credential.description);
    closing.note_former_name(closing.notes.credentials_were);
    if (!closing.could_read("kind") || !closing.could_read("sources"))
        credential.sources.push_back({"", "", unknown_port, ""}); // it may be for any place
    if (!closing.could_read("kind"))
        return;
    if (credential.kind == CredentialKind::files) {
        for (const char *const member : {"directory", "roles", "sources"})
            require(closing, member, credential.kind);
        refuse(closing, "owner", credential.kind, "It belongs to the owner of the extension.");
        refuse(closing, "server", credential.kind, "Leave it out, or use \"kind\": \"user_mapping\".");
        return;
    }
    require(closing, "server", credential.kind);
    for (const char *const member : {"directory", "roles", "sources"})
        refuse(closing, member, credential.kind, "Leave it out, or use \"kind\": \"files\".");
}

constexpr Shape credential_shape{"a credential", credential_members, finish_credential};

} // namespace

Slot slot(Source &source)
{
    return Object{&source, &source_shape};
}

Slot slot(Credential &credential)
{
    return Object{&credential, &credential_shape};
}

} // namespace datasurface::model
