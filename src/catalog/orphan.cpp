#include "catalog/orphan.hpp"

#include "pg/spi.hpp"

namespace datasurface::catalog {

std::vector<Orphan> orphans(const std::optional<std::string> &store)
{
    sqltext::Value only;
    if (store)
        only = *store;
    pg::Rows const rows =
        pg::query_kept({"orphans",
                        "SELECT s.store_id, s.name, d.name, r.schema_name, r.name FROM datasurface.dataset d"
                        " JOIN datasurface.store s USING (store_id)"
                        " JOIN datasurface.relation r USING (dataset_id)"
                        " WHERE NOT d.in_model AND r.kind IN ('merge', 'history', 'staging')"
                        " AND ($1::text IS NULL OR s.name = $1) ORDER BY s.name, d.name, r.name",
                        {only}});
    std::vector<Orphan> all;
    for (std::size_t row = 0; row < rows.size(); ++row) {
        if (all.empty() || all.back().store_id != rows.integer(row, 0) || all.back().dataset != rows.text(row, 2))
            all.push_back({rows.integer(row, 0), rows.text(row, 1), rows.text(row, 2), {}});
        all.back().tables.push_back({rows.text(row, 3), rows.text(row, 4)});
    }
    return all;
}

std::optional<int> open_batch_with(int stream_id, int dataset_id)
{
    // the first condition is that of the index batch_open_idx
    pg::Rows const rows = pg::query({"open_batch_with",
                                     "SELECT b.batch_id FROM datasurface.batch b"
                                     " JOIN datasurface.batch_dataset x USING (stream_id, batch_id)"
                                     " WHERE b.state NOT IN ('committed', 'discarded') AND b.stream_id = $1"
                                     " AND x.dataset_id = $2",
                                     {stream_id, dataset_id}});
    if (rows.empty())
        return std::nullopt;
    return rows.integer(0, 0);
}

void forget_dataset(int dataset_id)
{
    pg::execute({"forget_relations", "DELETE FROM datasurface.relation WHERE dataset_id = $1", {dataset_id}});
    pg::execute({"forget_mark", "DELETE FROM datasurface.watermark WHERE dataset_id = $1", {dataset_id}});
    for (const char *const table : {"load", "load_chunk"})
        pg::execute(
            {"forget_load", std::string("DELETE FROM datasurface.") + table + " WHERE dataset_id = $1", {dataset_id}});
    pg::execute({"forget_dataset", "DELETE FROM datasurface.dataset WHERE dataset_id = $1", {dataset_id}});
}

void forget_in_batches(int stream_id, int dataset_id)
{
    pg::execute({"change_stream",
                 "UPDATE datasurface.stream SET generation = generation + 1 WHERE stream_id = $1",
                 {stream_id}});
    for (const char *const table : {"batch_dataset", "batch_finding"})
        pg::execute({"forget_in_batches",
                     std::string("DELETE FROM datasurface.") + table + " WHERE stream_id = $1 AND dataset_id = $2",
                     {stream_id, dataset_id}});
}

void forget_stream(int stream_id)
{
    for (const char *const table : {"stream", "batch", "batch_dataset", "batch_run", "batch_finding", "batch_decision"})
        pg::execute(
            {"forget_stream", std::string("DELETE FROM datasurface.") + table + " WHERE stream_id = $1", {stream_id}});
}

bool forget_empty_store(int store_id)
{
    return pg::execute({"forget_empty_store",
                        "DELETE FROM datasurface.store s WHERE s.store_id = $1 AND NOT s.in_model"
                        " AND NOT EXISTS (SELECT FROM datasurface.dataset d WHERE d.store_id = s.store_id)",
                        {store_id}}) == 1;
}

} // namespace datasurface::catalog
