#include "catalog/stream.hpp"

#include "base/error.hpp"
#include "base/sqlstate.hpp"
#include "pg/spi.hpp"

namespace datasurface::catalog {

namespace {

constexpr char columns[] =
    "SELECT stream_id, name, store_id, dataset_id, last_batch, generation, checked_at IS NOT NULL, in_model, pulls_to_stage,"
    " source_system, source_timeline, source_lsn FROM datasurface.stream ";

std::vector<Stream> select(const std::string &condition, std::vector<sqltext::Value> arguments)
{
    pg::Rows const rows = pg::query_kept({"streams", columns + condition, std::move(arguments)});
    std::vector<Stream> all;
    for (std::size_t row = 0; row < rows.size(); ++row) {
        Stream stream{rows.integer(row, 0), rows.text(row, 1),    rows.integer(row, 2),
                      std::nullopt,         rows.integer(row, 4), rows.bigint(row, 5),
                      rows.boolean(row, 6), rows.boolean(row, 7), rows.integer(row, 8)};
        if (!rows.is_null(row, 3))
            stream.dataset_id = rows.integer(row, 3);
        if (!rows.is_null(row, 9))
            stream.source = remote::Identity{rows.text(row, 9), rows.integer(row, 10), rows.text(row, 11)};
        all.push_back(std::move(stream));
    }
    return all;
}

std::optional<Stream> first(std::vector<Stream> streams)
{
    if (streams.empty())
        return std::nullopt;
    return std::move(streams.front());
}

} // namespace

std::optional<Stream> find_stream(const std::string &name)
{
    return first(select("WHERE name = $1", {name}));
}

std::vector<Stream> streams_of_store(int store_id)
{
    return select("WHERE store_id = $1 ORDER BY name", {store_id});
}

std::vector<Stream> streams_with_held_batch(int store_id)
{
    // the second condition is that of the index batch_open_idx
    return select("WHERE store_id = $1 AND in_model AND EXISTS (SELECT FROM datasurface.batch b WHERE b.stream_id ="
                  " stream.stream_id AND b.state = 'held' AND b.state NOT IN ('committed', 'discarded'))",
                  {store_id});
}

int last_batch_of(int dataset_id, int store_id)
{
    return pg::query_kept({"last_batch_of",
                           "SELECT coalesce(max(last_batch), 0) FROM datasurface.stream"
                           " WHERE store_id = $2 AND in_model AND (dataset_id = $1 OR dataset_id IS NULL)",
                           {dataset_id, store_id}})
        .integer(0, 0);
}

Stream lock_stream(const Stream &stream)
{
    // NO KEY: a foreign key of a user's table that refers to a stream does not wait
    std::optional<Stream> locked = first(select("WHERE stream_id = $1 FOR NO KEY UPDATE SKIP LOCKED", {stream.id}));
    if (!locked)
        throw Error(sqlstate::lock_not_available, "stream \"" + stream.name + "\" is busy",
                    "Another transaction runs, resets or reconciles it.",
                    "Call again when that has ended; nothing was changed.");
    return *std::move(locked);
}

bool advance(Stream &stream)
{
    bool const done = pg::execute_kept({"advance",
                                        "UPDATE datasurface.stream SET generation = generation + 1, last_batch = $3,"
                                        " pulls_to_stage = $4 WHERE stream_id = $1 AND generation = $2",
                                        {stream.id, stream.generation, stream.last_batch, stream.pulls_to_stage}}) == 1;
    stream.generation++;
    return done;
}

std::optional<std::string> advance_checked(Stream &stream, Checked checked)
{
    sqltext::Value timeline;
    if (stream.source)
        timeline = stream.source->timeline;
    remote::Identity const source = stream.source.value_or(remote::Identity());
    pg::Rows const rows = pg::query_kept(
        {"advance_checked",
         "UPDATE datasurface.stream SET generation = generation + 1, last_batch = $3,"
         " checked_at = greatest(clock_timestamp(), checked_at + interval '1 microsecond'),"
         " checks_without_batch = checks_without_batch + $4, pulls_to_stage = $8,"
         " source_system = $5, source_timeline = $6::integer, source_lsn = $7::pg_lsn"
         " WHERE stream_id = $1 AND generation = $2 RETURNING checked_at",
         {stream.id, stream.generation, stream.last_batch, std::int64_t{checked == Checked::without_batch ? 1 : 0},
          sqltext::or_null(source.system_identifier), timeline, sqltext::or_null(source.lsn), stream.pulls_to_stage}});
    stream.generation++;
    if (rows.empty())
        return std::nullopt;
    return rows.text(0, 0);
}

void save_stream(const std::string &name, int store_id, std::optional<int> dataset_id, int last_batch)
{
    sqltext::Value dataset;
    if (dataset_id)
        dataset = *dataset_id;
    pg::execute_kept({"save_stream",
                      "INSERT INTO datasurface.stream AS t (name, store_id, dataset_id, last_batch, in_model)"
                      " VALUES ($1, $2, $3::integer, $4, true)"
                      " ON CONFLICT (name) DO UPDATE SET store_id = EXCLUDED.store_id,"
                      " dataset_id = EXCLUDED.dataset_id, last_batch = EXCLUDED.last_batch,"
                      " generation = t.generation + 1, in_model = true",
                      {name, store_id, dataset, last_batch}});
}

void rename_streams(int store_id)
{
    pg::execute_kept({"rename_streams",
                      "UPDATE datasurface.stream t SET name = n.name, generation = t.generation + 1"
                      " FROM (SELECT x.stream_id, s.name || coalesce('#' || d.name, '') AS name"
                      "   FROM datasurface.stream x JOIN datasurface.store s USING (store_id)"
                      "   LEFT JOIN datasurface.dataset d ON d.dataset_id = x.dataset_id WHERE x.store_id = $1) n"
                      " WHERE t.stream_id = n.stream_id AND t.name <> n.name",
                      {store_id}});
}

void retire_other_streams(int store_id, const std::vector<std::string> &kept)
{
    // NOT IN (subquery) uses a hash table, whatever the statistics are
    pg::execute_kept({"retire_other_streams",
                      "UPDATE datasurface.stream SET in_model = false"
                      " WHERE store_id = $1 AND in_model AND name NOT IN (SELECT unnest($2::text[]))",
                      {store_id, sqltext::array_literal(kept)}});
}

} // namespace datasurface::catalog
