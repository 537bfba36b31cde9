// Private to the guard room: names of PostgreSQL's own functions that are harmless although they are not immutable.
//
// They compute, return the time or a random number, or read the catalogs. Functions are left out when they
// - show or change settings, portals, advisory locks, large objects, statements or addresses of the session, other sessions, files
// - run a text as SQL (query_to_xml, table_to_xml, ts_stat, ts_rewrite)
// - read a value of a type that a text names (pg_input_is_valid)
// Functions that convert arguments to json or a row (to_json, json_populate_record) call functions of the arguments' types; those
// calls are judged separately. A function that a later version of PostgreSQL adds is refused until its name is added here.
#pragma once

#include <string_view>

namespace datasurface::guard {

// clang-format off
inline constexpr std::string_view listed[] = {
    "aclexplode", "age", "anytextcat", "array_send", "array_to_json", "array_to_string", "bpcharsend",
    "clock_timestamp", "col_description", "concat", "concat_ws", "convert", "convert_from", "convert_to",
    "current_database", "current_schema", "current_schemas", "currval", "date", "date_add", "date_cmp_timestamptz",
    "date_eq_timestamptz", "date_ge_timestamptz", "date_gt_timestamptz", "date_le_timestamptz", "date_lt_timestamptz",
    "date_ne_timestamptz", "date_part", "date_subtract", "date_trunc", "enum_first", "enum_last", "enum_range",
    "extract", "format", "format_type", "gen_random_uuid", "generate_series", "get_current_ts_config",
    "getdatabaseencoding", "has_any_column_privilege", "has_column_privilege", "has_database_privilege",
    "has_foreign_data_wrapper_privilege", "has_function_privilege", "has_language_privilege", "has_schema_privilege",
    "has_sequence_privilege", "has_server_privilege", "has_table_privilege", "has_tablespace_privilege",
    "has_type_privilege", "in_range", "interval_pl_timestamptz", "json_agg", "json_agg_strict", "json_build_array",
    "json_build_object", "json_object_agg", "json_object_agg_strict", "json_object_agg_unique",
    "json_object_agg_unique_strict", "json_populate_record", "json_populate_recordset", "json_to_record",
    "json_to_recordset", "json_to_tsvector", "jsonb_agg", "jsonb_agg_strict", "jsonb_build_array",
    "jsonb_build_object", "jsonb_object_agg", "jsonb_object_agg_strict", "jsonb_object_agg_unique",
    "jsonb_object_agg_unique_strict", "jsonb_path_exists_tz", "jsonb_path_match_tz", "jsonb_path_query_array_tz",
    "jsonb_path_query_first_tz", "jsonb_path_query_tz", "jsonb_populate_record", "jsonb_populate_recordset",
    "jsonb_to_record", "jsonb_to_recordset", "jsonb_to_tsvector", "length", "make_timestamptz", "money",
    "multirange_send", "namesend", "nextval", "now", "numeric", "obj_description", "oidvectortypes", "overlaps",
    "pg_char_to_encoding", "pg_collation_for", "pg_collation_is_visible", "pg_column_compression",
    "pg_column_is_updatable", "pg_column_size", "pg_column_toast_chunk_id", "pg_conversion_is_visible",
    "pg_current_snapshot", "pg_current_xact_id", "pg_describe_object", "pg_encoding_to_char",
    "pg_event_trigger_ddl_commands", "pg_event_trigger_dropped_objects", "pg_event_trigger_table_rewrite_oid",
    "pg_event_trigger_table_rewrite_reason", "pg_function_is_visible", "pg_get_constraintdef", "pg_get_expr",
    "pg_get_function_arg_default", "pg_get_function_arguments", "pg_get_function_identity_arguments",
    "pg_get_function_result", "pg_get_function_sqlbody", "pg_get_functiondef", "pg_get_indexdef", "pg_get_keywords",
    "pg_get_partition_constraintdef", "pg_get_partkeydef", "pg_get_ruledef", "pg_get_serial_sequence",
    "pg_get_statisticsobjdef", "pg_get_statisticsobjdef_columns", "pg_get_triggerdef", "pg_get_userbyid",
    "pg_get_viewdef", "pg_has_role", "pg_identify_object", "pg_indexes_size", "pg_is_in_recovery",
    "pg_is_other_temp_schema", "pg_opclass_is_visible", "pg_operator_is_visible", "pg_opfamily_is_visible",
    "pg_options_to_table", "pg_partition_ancestors", "pg_partition_tree", "pg_relation_is_updatable",
    "pg_relation_size", "pg_sequence_last_value", "pg_sequence_parameters", "pg_statistics_obj_is_visible",
    "pg_table_is_visible", "pg_table_size", "pg_timezone_abbrevs", "pg_timezone_names", "pg_total_relation_size",
    "pg_ts_config_is_visible", "pg_ts_dict_is_visible", "pg_ts_parser_is_visible", "pg_ts_template_is_visible",
    "pg_type_is_visible", "pg_typeof", "phraseto_tsquery", "plainto_tsquery", "quote_literal", "quote_nullable",
    "random", "random_normal", "range_send", "record_send", "regclass", "row_security_active", "row_to_json",
    "shobj_description", "statement_timestamp", "text", "textanycat", "textsend", "time", "timeofday", "timestamp",
    "timestamp_cmp_timestamptz", "timestamp_eq_timestamptz", "timestamp_ge_timestamptz", "timestamp_gt_timestamptz",
    "timestamp_le_timestamptz", "timestamp_lt_timestamptz", "timestamp_ne_timestamptz", "timestamptz",
    "timestamptz_cmp_date", "timestamptz_cmp_timestamp", "timestamptz_eq_date", "timestamptz_eq_timestamp",
    "timestamptz_ge_date", "timestamptz_ge_timestamp", "timestamptz_gt_date", "timestamptz_gt_timestamp",
    "timestamptz_le_date", "timestamptz_le_timestamp", "timestamptz_lt_date", "timestamptz_lt_timestamp",
    "timestamptz_mi_interval", "timestamptz_ne_date", "timestamptz_ne_timestamp", "timestamptz_pl_interval", "timetz",
    "timezone", "to_char", "to_date", "to_json", "to_jsonb", "to_number", "to_regclass", "to_regcollation",
    "to_regnamespace", "to_regoper", "to_regoperator", "to_regproc", "to_regprocedure", "to_regrole", "to_regtype",
    "to_regtypemod", "to_timestamp", "to_tsquery", "to_tsvector", "transaction_timestamp", "ts_debug", "ts_headline",
    "ts_match_tq", "ts_match_tt", "ts_parse", "ts_token_type", "txid_current", "txid_current_snapshot",
    "unicode_version", "uuidv4", "uuidv7", "varcharsend", "version", "websearch_to_tsquery", "xml",
    "xml_is_well_formed",
};
// clang-format on

} // namespace datasurface::guard
