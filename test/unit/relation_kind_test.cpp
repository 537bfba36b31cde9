#include <gtest/gtest.h>

#include "base/error.hpp"
#include "shape/relation_kind.hpp"

namespace datasurface::shape {

// The catalog keeps these words.
TEST(RelationKind, HasOneWordEach)
{
    EXPECT_EQ(word(RelationKind::staging), "staging");
    EXPECT_EQ(word(RelationKind::sequence), "sequence");
    EXPECT_EQ(word(RelationKind::merge), "merge");
    EXPECT_EQ(word(RelationKind::history), "history");
    EXPECT_EQ(word(RelationKind::merge_key), "merge_key");
    EXPECT_EQ(word(RelationKind::history_out_index), "history_out_index");
    EXPECT_EQ(word(RelationKind::history_key_index), "history_key_index");
    EXPECT_EQ(word(RelationKind::as_of), "as_of");
    EXPECT_EQ(word(RelationKind::view), "view");
    EXPECT_EQ(word(RelationKind::full_view), "full_view");
}

TEST(RelationKind, IsReadFromItsWord)
{
    EXPECT_EQ(relation_kind("history"), RelationKind::history);
    EXPECT_EQ(relation_kind("full_view"), RelationKind::full_view);
    EXPECT_THROW((void)relation_kind("table"), Error);
}

} // namespace datasurface::shape
