#include "reconcile/preflight.hpp"

#include "catalog/extent.hpp"
#include "pg/spi.hpp"

namespace datasurface::reconcile {

namespace {

ServerSettings read_settings()
{
    pg::Rows const rows = pg::query(
        {"server_settings",
         "SELECT current_setting('max_locks_per_transaction')::bigint, current_setting('max_connections')::bigint,"
         " current_setting('max_prepared_transactions')::bigint,"
         " extract(epoch FROM current_setting('autovacuum_naptime')::interval)::bigint,"
         " (SELECT setting::bigint * current_setting('block_size')::bigint FROM pg_settings WHERE name = 'shared_buffers'),"
         " current_setting('autovacuum')::boolean, current_setting('track_counts')::boolean",
         {}});
    ServerSettings settings;
    settings.max_locks = rows.bigint(0, 0);
    settings.max_connections = rows.bigint(0, 1);
    settings.max_prepared = rows.bigint(0, 2);
    settings.naptime = rows.bigint(0, 3);
    settings.shared_buffers = rows.bigint(0, 4);
    settings.autovacuum = rows.boolean(0, 5);
    settings.track_counts = rows.boolean(0, 6);
    return settings;
}

} // namespace

std::vector<Advice> preflight()
{
    std::vector<StoreSize> stores;
    for (catalog::StoreExtent &extent : catalog::extents())
        stores.push_back({std::move(extent.name), extent.is_multi, extent.live, extent.milestoned, extent.live_sinks,
                          extent.milestoned_sinks});
    catalog::Present const present = catalog::present();
    return plan_preflight(stores, {present.others, present.made_datasets, present.catalog_bytes}, read_settings());
}

} // namespace datasurface::reconcile
