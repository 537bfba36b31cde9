#include "catalog/operation.hpp"

#include "pg/spi.hpp"

namespace datasurface::catalog {

void record_operations(const Subject &subject, const std::vector<Operation> &operations)
{
    std::vector<std::string> started, taken, objects, actions, statements, classes, errors;
    for (const Operation &operation : operations) {
        started.push_back(std::to_string(operation.started));
        taken.push_back(std::to_string(operation.taken));
        objects.push_back(operation.object);
        actions.push_back(operation.action);
        statements.push_back(operation.statement);
        classes.push_back(operation.cost);
        errors.push_back(operation.error);
    }
    using sqltext::array_literal;
    pg::execute_kept(
        {"record_operations",
         "INSERT INTO datasurface.operation (started_at, duration, role, store, dataset, object, action, statement, class,"
         " outcome, error) SELECT 'epoch'::timestamptz + started * '1 us'::interval, taken * '1 us'::interval, $1, $2, $3,"
         " object, nullif(action, ''), nullif(statement, ''), nullif(class, ''),"
         " CASE error WHEN '' THEN 'done' ELSE 'failed' END, nullif(error, '')"
         " FROM unnest($4::bigint[], $5::bigint[], $6::text[], $7::text[], $8::text[], $9::text[], $10::text[])"
         " WITH ORDINALITY o(started, taken, object, action, statement, class, error, place) ORDER BY place",
         {subject.role, sqltext::or_null(subject.store), sqltext::or_null(subject.dataset), array_literal(started),
          array_literal(taken), array_literal(objects), array_literal(actions), array_literal(statements),
          array_literal(classes), array_literal(errors)}});
}

void forget_old_operations(int seconds)
{
    pg::execute_kept({"forget_old_operations",
                      "DELETE FROM datasurface.operation WHERE operation_id IN ("
                      "SELECT operation_id FROM datasurface.operation WHERE started_at < now() - $1 * '1 s'::interval"
                      " ORDER BY started_at LIMIT 10000 FOR UPDATE SKIP LOCKED)",
                      {seconds}});
}

} // namespace datasurface::catalog
