// What reconcile refuses to touch: tables that are not ours, that were renamed, or that differ from the model.

#include <gtest/gtest.h>

#include "made_tables.hpp"

namespace datasurface::reconcile {

TEST(PlanTables, SaysWhatIsThereInThePlaceOfATable)
{
    Shape const shape = shape::orders();
    change::Actual actual = made(shape);
    actual.table(RelationKind::merge)->kind = 'v';
    EXPECT_EQ(refusal(shape, actual),
              R"(SF004 "sales"."orders" is a view, not the table that ds_reconcile_schema made)");
}

TEST(PlanTables, RefusesATableThatWasRenamed)
{
    auto const without = [](const Shape &shape, RelationKind table) {
        change::Actual actual = made(shape);
        actual.ours.at(table).exists = false;
        return actual;
    };
    auto const refused = [](const std::string &table, const std::string &rest) {
        return "42P01 table \"sales\"." + table + " does not exist, but " + rest + " is there";
    };
    Shape const milestoned = shape::milestoned_orders();
    EXPECT_EQ(refusal(milestoned, without(milestoned, RelationKind::staging)),
              refused(R"("orders_staging")", R"("sales"."orders_staging_seq")"));
    EXPECT_EQ(refusal(milestoned, without(milestoned, RelationKind::history)),
              refused(R"("orders_history")", R"("sales"."orders_as_of"(integer))"));

    change::Actual gone = without(milestoned, RelationKind::history);
    gone.ours.at(RelationKind::as_of).exists = false;
    EXPECT_EQ(refusal(milestoned, gone), "nothing");
    gone.views = {{RelationKind::view, {"desk", "o"}}};
    EXPECT_EQ(refusal(milestoned, gone), "nothing") << "it shows the merge table";
    gone.views = {{RelationKind::full_view, {"desk", "o_full"}}};
    EXPECT_EQ(refusal(milestoned, gone), refused(R"("orders_history")", R"("desk"."o_full")"));
    change::Actual live = without(shape::orders(), RelationKind::merge);
    live.views = {{RelationKind::view, {"desk", "o"}}};
    EXPECT_EQ(refusal(shape::orders(), live), refused(R"("orders")", R"("desk"."o")"));
}

TEST(PlanTables, RefusesWhatItDidNotMake)
{
    for (RelationKind const kind :
         {RelationKind::staging, RelationKind::merge, RelationKind::history, RelationKind::history_out_index,
          RelationKind::history_key_index, RelationKind::as_of}) {
        change::Actual actual = made(shape::milestoned_orders());
        sqltext::Qualified const name = actual.ours.at(kind).name;
        (kind == RelationKind::as_of ? actual.functions : actual.relations).insert(name);
        actual.ours.erase(kind);
        EXPECT_EQ(refusal(shape::milestoned_orders(), actual),
                  "42P07 " + name.sql() + " exists already and was not made by ds_reconcile_schema");
    }
}

TEST(PlanTables, RefusesATableThatAnotherRoleOwns)
{
    change::Actual actual = made(shape::orders());
    actual.table(RelationKind::merge)->owner = "mallory";
    EXPECT_EQ(refusal(shape::orders(), actual),
              R"(SF004 table "sales"."orders" differs from the model: it does not belong to the owner of the store)");
}

TEST(PlanTables, StagingHasNoConstraints)
{
    change::Actual actual = made(shape::orders());
    actual_column(actual, RelationKind::staging, 1).not_null = true;
    EXPECT_EQ(refusal(shape::orders(), actual), "nothing");
}

TEST(PlanTables, RefusesToAddAColumnThatIsNotNullable)
{
    change::Actual actual = made(shape::orders());
    actual.made_columns.erase(2); // it was never made
    for (RelationKind const kind : {RelationKind::staging, RelationKind::merge})
        std::erase_if(actual.table(kind)->columns, [](const auto &column) { return column.name == "customer"; });
    EXPECT_EQ(
        refusal(shape::orders(), actual),
        R"(SF004 table "sales"."orders" differs from the model: it lacks column "customer", which is not nullable )"
        "and has no default");
}

} // namespace datasurface::reconcile
