// Every SQLSTATE that datasurface raises; docs/errors.md explains each of them.
// Class SF is ours. An error that PostgreSQL has a code for uses PostgreSQL's code.
#pragma once

namespace datasurface::sqlstate {

// the model
inline constexpr char model_invalid[] = "SF001";
inline constexpr char definition_changed[] = "SF002";
inline constexpr char not_reconciled[] = "SF003";
inline constexpr char cannot_reconcile[] = "SF004";

// streams and batches
inline constexpr char unknown_stream[] = "SF010";
inline constexpr char not_a_stream[] = "SF011";
inline constexpr char not_the_open_batch[] = "SF012";
inline constexpr char wrong_batch_state[] = "SF013";
inline constexpr char not_sealed[] = "SF014";
inline constexpr char wrong_row_count[] = "SF015";
inline constexpr char staging_changed[] = "SF016";
inline constexpr char not_done[] = "SF017";
inline constexpr char failed_by_operator[] = "SF018";
inline constexpr char time_not_final[] = "SF019";

// the rows
inline constexpr char duplicate_key[] = "SF020";
inline constexpr char null_key[] = "SF021";
inline constexpr char chosen_arrival[] = "SF022";

// brakes
inline constexpr char not_held[] = "SF040";
inline constexpr char rule_broken[] = "SF041";

// versions
inline constexpr char other_version[] = "SF030";

// PostgreSQL's own
inline constexpr char unable_to_connect[] = "08001";
inline constexpr char connection_failure[] = "08006";
inline constexpr char protocol_violation[] = "08P01";
inline constexpr char feature_not_supported[] = "0A000";
inline constexpr char null_value_not_allowed[] = "22004";
inline constexpr char invalid_parameter_value[] = "22023";
inline constexpr char invalid_transaction_state[] = "25000";
inline constexpr char read_only_transaction[] = "25006";
inline constexpr char invalid_authorization[] = "28000";
inline constexpr char invalid_transaction_termination[] = "2D000";
inline constexpr char dependent_objects_still_exist[] = "2BP01";
inline constexpr char password_required[] = "2F003";
inline constexpr char undefined_schema[] = "3F000";
inline constexpr char unique_violation[] = "23505";
inline constexpr char serialization_failure[] = "40001";
inline constexpr char insufficient_privilege[] = "42501";
inline constexpr char ambiguous_column[] = "42702";
inline constexpr char undefined_column[] = "42703";
inline constexpr char undefined_object[] = "42704";
inline constexpr char datatype_mismatch[] = "42804";
inline constexpr char wrong_object_type[] = "42809";
inline constexpr char undefined_table[] = "42P01";
inline constexpr char duplicate_table[] = "42P07";
inline constexpr char out_of_memory[] = "53200";
inline constexpr char program_limit_exceeded[] = "54000";
inline constexpr char object_not_in_prerequisite_state[] = "55000";
inline constexpr char object_in_use[] = "55006";
inline constexpr char lock_not_available[] = "55P03";
inline constexpr char config_file_error[] = "F0000";
inline constexpr char internal_error[] = "XX000";

} // namespace datasurface::sqlstate
