#include "batch/source.hpp"

#include "base/error.hpp"
#include "base/sqlstate.hpp"
#include "batch/windows.hpp"
#include "catalog/credential.hpp"
#include "catalog/source.hpp"
#include "ingest/this_database.hpp"
#include "remote/credential.hpp"
#include "rights/credentials.hpp"
#include "rights/sources.hpp"

namespace datasurface::batch {

namespace {

// The model has it: a load refuses what is left without one. So it is a fault when it is not there.
template <class Row>
Row found(std::optional<Row> row, const std::string &what)
{
    if (!row)
        throw Error(sqlstate::internal_error, what + " is not in the catalog");
    return *std::move(row);
}

void require_use(const catalog::Store &store, const model::Source &source, const model::Credential &credential)
{
    std::optional<rights::Refusal> const refusal = rights::refusal_to_use(store.owner, source, credential);
    if (refusal)
        throw Error(sqlstate::insufficient_privilege, refusal->message,
                    "Store \"" + store.name + "\" is pulled from source \"" + source.name + "\".", refusal->hint);
}

void take_connection(const catalog::Source &source)
{
    if (!source.definition.connections || catalog::take_connection(source.id, *source.definition.connections))
        return;
    int const most = *source.definition.connections;
    throw Error(sqlstate::lock_not_available,
                "source \"" + source.definition.name + "\" is busy: " +
                    (most == 1 ? "its connection is in use"
                               : "its " + std::to_string(most) + " connections are in use"),
                "The member \"connections\" of the source says how many there are.",
                "Call again when another batch has ended; nothing was changed.");
}

} // namespace

std::unique_ptr<ingest::RemoteSnapshot> open_source(const catalog::Store &store, bool needs_clock)
{
    catalog::Source const source =
        found(catalog::find_source(store.source), "source \"" + store.source + "\" of store \"" + store.name + "\"");
    model::Credential const credential =
        found(catalog::find_credential(source.definition.credential),
              "credential \"" + source.definition.credential + "\" of source \"" + store.source + "\"")
            .definition;
    require_use(store, source.definition, credential);
    take_connection(source);
    remote::LoginPointer const login = remote::login_of(credential, store.owner);
    return std::make_unique<ingest::RemoteSnapshot>(remote::Target{source.definition, store.name, store.owner,
                                                                   rights::needs_password(store.owner), needs_clock},
                                                    *login);
}

std::unique_ptr<ingest::Origin> begin_origin(Work &work)
{
    work.batch.received.reset();
    if (work.store.source.empty() || work.facts.pushed)
        return std::make_unique<ingest::ThisDatabase>();
    std::unique_ptr<ingest::Origin> origin = open_source(work.store, has_watermarks(work));
    work.batch.received = catalog::Received{*origin->identity()};
    return origin;
}

std::optional<remote::Backwards> gone_back(const Work &work)
{
    if (!work.stream.source || !work.batch.received)
        return std::nullopt;
    return remote::backwards(*work.stream.source, work.batch.received->snapshot);
}

void require_forwards(const Work &work)
{
    if (gone_back(work))
        throw Error(sqlstate::feature_not_supported, "the rows have to be staged",
                    "The source is at an earlier state than it was.");
}

void end_origin(Work &work, ingest::Origin &origin)
{
    origin.end();
    if (work.batch.received)
        work.batch.received->bytes = origin.received();
}

} // namespace datasurface::batch
