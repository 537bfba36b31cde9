// What is dropped of a dataset that has left the model, and what is not.
#include "change/drop_dataset.hpp"

#include <gtest/gtest.h>

#include "base/error.hpp"

namespace datasurface::change {

namespace {

using shape::RelationKind;

Dropped made(RelationKind kind, const std::string &schema, const std::string &name, const std::string &role = "owner")
{
    Dropped dropped{kind, {}, role};
    dropped.object.name = {schema, name};
    dropped.object.owner = "owner";
    dropped.object.exists = true;
    dropped.object.there.owner = "owner";
    dropped.object.there.columns = {
        {kind == RelationKind::staging ? "ds_surf_arrival" : "ds_surf_batch_in", "integer", true, ""}};
    return dropped;
}

std::vector<Dropped> orders()
{
    return {made(RelationKind::staging, "shop", "orders_staging"),
            made(RelationKind::merge, "shop", "orders"),
            made(RelationKind::history, "shop", "orders_history"),
            made(RelationKind::as_of, "shop", "orders_as_of"),
            made(RelationKind::full_view, "desk", "orders_full", "desk_owner"),
            made(RelationKind::view, "desk", "orders", "desk_owner")};
}

Error refusal(const std::vector<Dropped> &objects, const std::vector<std::string> &dependents = {})
{
    try {
        (void)drop_dataset("dataset \"orders\"", objects, dependents);
    } catch (const Error &error) {
        return error;
    }
    ADD_FAILURE() << "it was not refused";
    return {"", "", "", ""};
}

} // namespace

TEST(DropDataset, WhatDependsOnAnotherGoesBeforeIt)
{
    std::vector<std::string> statements, roles;
    for (const DropStep &drop : drop_dataset("orders", orders(), {})) {
        statements.push_back(drop.step.statement);
        roles.push_back(drop.role);
        EXPECT_EQ(drop.step.action, Action::drop);
        EXPECT_EQ(drop.step.cost, Class::lossy);
    }
    EXPECT_EQ(statements,
              (std::vector<std::string>{R"(DROP VIEW "desk"."orders")", R"(DROP VIEW "desk"."orders_full")",
                                        R"(DROP FUNCTION "shop"."orders_as_of"(integer))",
                                        R"(DROP TABLE "shop"."orders")", R"(DROP TABLE "shop"."orders_history")",
                                        R"(DROP TABLE "shop"."orders_staging")"}));
    EXPECT_EQ(roles, (std::vector<std::string>{"desk_owner", "desk_owner", "owner", "owner", "owner", "owner"}));
}

TEST(DropDataset, KeysIndexesAndSequencesGoWithTheirTables)
{
    EXPECT_TRUE(drop_dataset("orders",
                             {made(RelationKind::merge_key, "shop", "orders_pkey"),
                              made(RelationKind::sequence, "shop", "orders_staging_seq"),
                              made(RelationKind::history_out_index, "shop", "orders_history_out_idx"),
                              made(RelationKind::history_key_index, "shop", "orders_history_key_idx")},
                             {})
                    .empty());
}

TEST(DropDataset, WhatIsGoneNeedsNoStep)
{
    std::vector<Dropped> objects = orders();
    for (Dropped &dropped : objects)
        dropped.object.exists = dropped.kind == RelationKind::merge;
    EXPECT_EQ(drop_dataset("orders", objects, {}).size(), 1u);
}

TEST(DropDataset, DependentsOfOthersAreListed)
{
    Error const error = refusal(orders(), {"view v", "constraint c on table t"});
    EXPECT_EQ(error.sqlstate, "2BP01");
    EXPECT_EQ(error.detail, "view v, constraint c on table t.");
}

TEST(DropDataset, WhatHasTheNameOfOursAndIsNotOursStays)
{
    std::vector<Dropped> objects = orders();
    objects[1].object.there.owner = "somebody";
    EXPECT_EQ(refusal(objects).message,
              R"("shop"."orders" is not as ds_reconcile_schema made it: it belongs to role "somebody")");
    objects = orders();
    objects[2].object.there.kind = 'v';
    EXPECT_EQ(refusal(objects).message,
              R"("shop"."orders_history" is not as ds_reconcile_schema made it: it is no table)");
    objects = orders();
    objects[1].object.there.columns = {{"ledger", "text", false, ""}};
    EXPECT_EQ(refusal(objects).message,
              R"("shop"."orders" is not as ds_reconcile_schema made it: it has no column "ds_surf_batch_in")");
    objects = orders();
    objects[5].object.changes = "it has another query";
    EXPECT_EQ(refusal(objects).sqlstate, "SF004");
    // a partitioned table is one
    objects = orders();
    objects[1].object.there.kind = 'p';
    EXPECT_EQ(drop_dataset("orders", objects, {}).size(), 6u);
}

} // namespace datasurface::change
