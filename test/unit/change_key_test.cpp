// The key, and what must be NOT NULL for it.

#include <algorithm>

#include <gtest/gtest.h>

#include "made_tables.hpp"

namespace datasurface::change {

namespace {

using reconcile::Lines;
using shape::RelationKind;
using shape::Shape;

Shape with_key(Shape shape, const std::vector<std::string> &key)
{
    shape.primary_key = key;
    for (shape::Column &column : shape.columns) {
        column.key = std::find(key.begin(), key.end(), column.name) != key.end();
        if (column.key)
            column.nullable = false;
    }
    return shape;
}

Tables planned(const Shape &shape, const Actual &actual, const Allowed &allowed = everything)
{
    return reconcile::plan_tables(shape, actual, allowed);
}

Lines statements_of(const Tables &tables)
{
    Lines all;
    for (const Step &step : tables.steps)
        all.push_back(step.statement);
    return all;
}

} // namespace

TEST(Key, OfASmallTableIsReplacedInOneStep)
{
    Actual const actual = reconcile::made(shape::orders());
    Tables const tables = planned(with_key(shape::orders(), {"id", "customer"}), actual);
    ASSERT_EQ(tables.steps.size(), 1u);
    EXPECT_EQ(tables.steps[0].statement, R"(ALTER TABLE "sales"."orders" DROP CONSTRAINT "orders_pkey", )"
                                         R"(ADD CONSTRAINT "orders_pkey" PRIMARY KEY ("id", "customer"))");
    EXPECT_EQ(tables.steps[0].cost, Class::rewrite);
    EXPECT_EQ(planned(with_key(shape::orders(), {"id", "customer"}), actual, {}).waiting.size(), 1u);
}

TEST(Key, OfALargeTableIsBuiltWhileReadersGoOn)
{
    Actual actual = reconcile::made(shape::orders());
    actual.table(RelationKind::merge)->is_large = true;
    Shape const shape = with_key(shape::orders(), {"customer"});
    Tables const first = planned(shape, actual);
    ASSERT_EQ(first.steps.size(), 2u);
    EXPECT_EQ(first.steps[0].statement, R"(CREATE UNIQUE INDEX "ds_surf_new_key_0" ON "sales"."orders" ("customer"))");
    EXPECT_EQ(first.steps[0].lock, Lock::share);
    EXPECT_FALSE(first.steps[0].next_transaction);
    EXPECT_TRUE(first.steps[1].next_transaction);
    actual.table(RelationKind::merge)->new_key = {"customer"};
    Tables const second = planned(shape, actual);
    ASSERT_EQ(second.steps.size(), 1u);
    EXPECT_EQ(second.steps[0].statement,
              R"(ALTER TABLE "sales"."orders" DROP CONSTRAINT "orders_pkey", ADD CONSTRAINT "orders_pkey" )"
              R"(PRIMARY KEY USING INDEX "ds_surf_new_key_0")");
    EXPECT_FALSE(second.steps[0].next_transaction);
}

TEST(Key, AnIndexForAKeyThatIsNotWantedAnyMoreGoes)
{
    Actual actual = reconcile::made(shape::orders());
    actual.table(RelationKind::merge)->is_large = true;
    actual.table(RelationKind::merge)->new_key = {"customer"};
    Tables const back = planned(shape::orders(), actual, {});
    ASSERT_EQ(back.steps.size(), 1u);
    EXPECT_EQ(back.steps[0].statement, R"(DROP INDEX "sales"."ds_surf_new_key_0")") << "it would go on refusing rows";
    Tables const another = planned(with_key(shape::orders(), {"id", "customer"}), actual);
    ASSERT_EQ(another.steps.size(), 3u);
    EXPECT_EQ(another.steps[0].action, Action::drop);
    EXPECT_EQ(another.steps[1].action, Action::create);
}

TEST(Key, ThatGoesWithAColumnIsMadeAgainWithIt)
{
    Actual actual = reconcile::made(shape::orders());
    actual.table(RelationKind::merge)->is_large = true;
    Shape shape = with_key(shape::orders(), {"customer"});
    std::erase_if(shape.columns, [](const shape::Column &column) { return column.name == "id"; });
    Tables const tables = planned(shape, actual, {false, true});
    ASSERT_FALSE(tables.steps.empty());
    EXPECT_EQ(tables.steps.back().statement,
              R"(ALTER TABLE "sales"."orders" ADD CONSTRAINT "orders_pkey" PRIMARY KEY ("customer"))");
    EXPECT_EQ(tables.steps.back().cost, Class::lossy) << "or the table stays without a key until rewrite is allowed";
}

TEST(Key, AnotherOrderIsAnotherKey)
{
    Shape const both = with_key(shape::orders(), {"id", "customer"});
    Tables const tables = planned(with_key(shape::orders(), {"customer", "id"}), reconcile::made(both));
    EXPECT_EQ(tables.steps.size(), 1u);
}

TEST(Key, TakesItsNewColumnsWhenTheyAreNotNull)
{
    Tables const tables = planned(with_key(shape::orders(), {"id", "note"}), reconcile::made(shape::orders()));
    ASSERT_EQ(tables.steps.size(), 2u);
    EXPECT_EQ(tables.steps[0].statement, R"(ALTER TABLE "sales"."orders" ALTER COLUMN "note" SET NOT NULL)");
    EXPECT_EQ(tables.steps[1].statement.find("NOT NULL"), std::string::npos);
}

TEST(Key, LeavesAColumnNotNullUntilItHasLeftTheKey)
{
    Actual const actual = reconcile::made(with_key(shape::orders(), {"id", "note"}));
    Tables const tables = planned(shape::orders(), actual);
    ASSERT_EQ(tables.steps.size(), 2u);
    EXPECT_EQ(tables.steps[1].statement, R"(ALTER TABLE "sales"."orders" ALTER COLUMN "note" DROP NOT NULL)");
    Tables const waits = planned(shape::orders(), actual, {});
    EXPECT_TRUE(waits.steps.empty());
}

TEST(Key, IsRefusedWhileRowsShareItOrHaveNoKey)
{
    Actual actual = reconcile::made(shape::orders());
    Shape const shape = with_key(shape::orders(), {"note"});
    EXPECT_TRUE(planned(shape, actual).asks_for_shared_keys);
    EXPECT_FALSE(planned(shape::orders(), actual).asks_for_shared_keys);
    for (bool const is_large : {false, true}) {
        Actual shared = actual;
        shared.table(RelationKind::merge)->is_large = is_large;
        shared.table(RelationKind::merge)->checks[3] = true;
        shared.shared_keys = R"(1 key is there more than once, such as ("note")=(x))";
        Tables const tables = planned(shape, shared);
        EXPECT_EQ(tables.waiting.size(), is_large ? 2u : 1u);
        for (const Step &step : tables.waiting) {
            EXPECT_EQ(step.cost, Class::refused);
            EXPECT_EQ(step.reason, R"(("note") cannot become the primary key: )" + shared.shared_keys);
        }
    }
    actual.nulls[3] = "1 row has NULL";
    EXPECT_EQ(statements_of(planned(shape, actual)), Lines{}) << "both the NOT NULL and the key";
    EXPECT_EQ(planned(shape, actual).waiting.back().reason,
              R"(("note") cannot become the primary key: 1 row has NULL)");
}

TEST(Key, WaitsForTheForeignKeysOnIt)
{
    Actual actual = reconcile::made(shape::orders());
    Shape const shape = with_key(shape::orders(), {"id", "customer"});
    EXPECT_TRUE(planned(shape, actual).asks_for_key_users);
    EXPECT_FALSE(planned(shape::orders(), actual).asks_for_key_users);
    actual.key_users = {"constraint lines_id_fkey on table lines"};
    Tables const tables = planned(shape, actual);
    EXPECT_EQ(statements_of(tables), Lines{});
    ASSERT_EQ(tables.waiting.size(), 1u);
    EXPECT_EQ(tables.waiting[0].cost, Class::refused);
    EXPECT_EQ(tables.waiting[0].dependents, actual.key_users);
    EXPECT_EQ(tables.wanted.primary_key, Lines{"id"});
}

TEST(Key, ThatIsMadeAgainIsRefusedToo)
{
    Actual actual = reconcile::made(shape::orders());
    actual.ours.at(RelationKind::merge_key).exists = false;
    actual.table(RelationKind::merge)->primary_key.clear();
    actual.table(RelationKind::merge)->has_key = false;
    actual.shared_keys = "1 key is there more than once";
    Tables const tables = planned(shape::orders(), actual);
    EXPECT_EQ(statements_of(tables), Lines{});
    EXPECT_EQ(tables.waiting.size(), 1u);
}

TEST(Key, ThatSomebodyElseMadeIsRefused)
{
    Actual actual = reconcile::made(shape::orders());
    actual.table(RelationKind::merge)->primary_key = {"note", "id"};
    actual.table(RelationKind::merge)->key_name = "theirs";
    EXPECT_EQ(reconcile::refusal(shape::orders(), actual).substr(0, 5), "SF004");
}

TEST(Key, OfTheHistoryIsIndexedAnew)
{
    Actual const actual = reconcile::made(shape::milestoned_orders());
    Tables const tables = planned(with_key(shape::milestoned_orders(), {"id", "customer"}), actual);
    Lines const all = reconcile::lines(tables.steps);
    ASSERT_EQ(all.size(), 3u);
    EXPECT_EQ(all[1], R"(drop [history_key_index orders_history_key_idx] DROP INDEX "sales"."orders_history_key_idx")");
    EXPECT_EQ(all[2].substr(0, 41), "create [history_key_index orders_history_");
}

TEST(NotNull, OfALargeTableIsCheckedWhileReadersGoOn)
{
    Shape shape = shape::orders();
    Actual actual = reconcile::made(shape);
    actual.table(RelationKind::merge)->is_large = true;
    shape.columns[2].nullable = false;
    std::vector<Step> const steps = planned(shape, actual).steps;
    ASSERT_EQ(steps.size(), 3u);
    EXPECT_EQ(steps[0].statement, R"(ALTER TABLE "sales"."orders" ADD CONSTRAINT "ds_surf_not_null_3" )"
                                  R"(CHECK ("note" IS DISTINCT FROM NULL) NOT VALID)");
    EXPECT_EQ(steps[0].cost, Class::safe);
    EXPECT_EQ(steps[1].statement, R"(ALTER TABLE "sales"."orders" VALIDATE CONSTRAINT "ds_surf_not_null_3")");
    EXPECT_EQ(steps[1].lock, Lock::share_update_exclusive);
    EXPECT_TRUE(steps[1].next_transaction);
    EXPECT_EQ(steps[2].statement, R"(ALTER TABLE "sales"."orders" ALTER COLUMN "note" SET NOT NULL, )"
                                  R"(DROP CONSTRAINT "ds_surf_not_null_3")");
    EXPECT_TRUE(steps[2].next_transaction);

    actual.table(RelationKind::merge)->checks[3] = false;
    EXPECT_EQ(planned(shape, actual).steps.size(), 2u);
    EXPECT_FALSE(planned(shape, actual).steps[0].next_transaction);
    actual.table(RelationKind::merge)->checks[3] = true;
    EXPECT_EQ(planned(shape, actual).steps.size(), 1u);
    EXPECT_FALSE(planned(shape, actual).steps[0].next_transaction);
}

TEST(NotNull, IsRefusedWhileThereAreNulls)
{
    Shape shape = shape::orders();
    Actual actual = reconcile::made(shape);
    shape.columns[2].nullable = false;
    EXPECT_EQ(planned(shape, actual).becoming_not_null, std::vector<int>{3});
    actual.nulls[3] = R"(2 rows have NULL in "note", such as ("id")=(7))";
    Tables const tables = planned(shape, actual);
    EXPECT_EQ(statements_of(tables), Lines{});
    ASSERT_EQ(tables.waiting.size(), 1u);
    EXPECT_EQ(tables.waiting[0].cost, Class::refused);
    EXPECT_EQ(tables.waiting[0].reason,
              R"("note" cannot become NOT NULL: 2 rows have NULL in "note", such as ("id")=(7))");
}

TEST(NotNull, AConstraintThatIsNotWantedAnyMoreGoes)
{
    Actual actual = reconcile::made(shape::orders());
    int const note = shape::orders().column("note").id;
    actual.table(RelationKind::merge)->checks[note] = true;
    std::string const name = "\"ds_surf_not_null_" + std::to_string(note) + "\"";
    EXPECT_EQ(statements_of(planned(shape::orders(), actual, {})),
              Lines{R"(ALTER TABLE "sales"."orders" DROP CONSTRAINT )" + name});
    Shape without = shape::orders();
    std::erase_if(without.columns, [](const shape::Column &column) { return column.name == "note"; });
    for (const std::string &statement : statements_of(planned(without, actual)))
        EXPECT_EQ(statement.find(name), std::string::npos) << "it goes with its column";
}

TEST(AsOf, ChangesBeforeWhatNeedsATransactionOfItsOwn)
{
    Actual actual = reconcile::made(shape::milestoned_orders());
    actual.table(RelationKind::merge)->is_large = true;
    Shape shape = with_key(shape::milestoned_orders(), {"customer"});
    shape.columns.push_back(shape.columns.back());
    shape.columns.back().name = "more";
    shape.columns.back().id = 99;
    bool replaced = false, later = false;
    for (const Step &step : planned(shape, actual).steps) {
        later = later || step.next_transaction;
        replaced = replaced || (step.kind == RelationKind::as_of && step.action == Action::replace && !later);
    }
    EXPECT_TRUE(later);
    EXPECT_TRUE(replaced) << "or the function fails, or answers without rows, until the next transaction";
}

TEST(NotNull, GoesFromTheHistoryTooWhereItHadIt)
{
    Shape shape = shape::milestoned_orders();
    Actual actual = reconcile::made(shape);
    reconcile::actual_column(actual, RelationKind::history, 1).not_null = true;
    EXPECT_EQ(reconcile::lines(planned(shape, actual).steps), Lines{}) << "an earlier version made it so; it holds";
    shape.columns[1].nullable = true;
    Lines const all = reconcile::lines(planned(shape, actual, {}).steps);
    EXPECT_EQ(all, (Lines{R"(alter ALTER TABLE "sales"."orders" ALTER COLUMN "customer" DROP NOT NULL)",
                          R"(alter ALTER TABLE "sales"."orders_history" ALTER COLUMN "customer" DROP NOT NULL)"}));
}

} // namespace datasurface::change
