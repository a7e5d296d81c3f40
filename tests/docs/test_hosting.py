"""Where each rule of hosting is shown: the H numbers of docs/notes.md, and the tests that would fail without them."""

import ast
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TESTS = ROOT / "tests"
PLATFORM = "flows/platform"

SHOWN_BY = {
    "H1": [
        "test_repository.py::test_exactly_one_file_tells_heroku_what_to_install",
        "test_repository.py::test_the_python_version_is_a_bare_minor_that_heroku_has",
        "test_repository.py::test_files_that_would_change_the_build_are_absent",
        "test_repository.py::test_tools_for_developers_are_not_deployed",
    ],
    "H2": [
        "test_repository.py::test_web_comes_first_in_the_procfile_and_each_line_replaces_its_shell",
        "flows/test_honcho.py::test_a_plain_start_serves_and_ctrl_c_ends_it",
        "flows/test_honcho.py::test_a_release_without_honcho_ends_with_0_and_again",
    ],
    "H3": [
        f"{PLATFORM}/test_releases.py::test_a_deploy_and_a_roll_back_lose_nothing_and_double_nothing",
        f"{PLATFORM}/test_releases.py::test_two_releases_at_once_are_safe",
        f"{PLATFORM}/test_releases.py::test_a_migration_that_fails_is_not_deployed_and_changes_nothing",
    ],
    "H4": ["flows/test_honcho.py::test_a_fresh_project_gets_its_database_and_key"],
    "H5": [
        "docs/test_settings.py::test_both_readers_of_the_example_find_the_same",
        "docs/test_settings.py::test_the_example_knows_each_variable_that_people_set",
        "test_repository.py::test_secrets_and_leftovers_are_ignored_by_git",
    ],
    "H6": [
        "test_settings.py::test_the_environment_wins_over_the_file",
        "test_settings.py::test_the_file_is_not_read_on_heroku",
        "test_settings.py::test_only_the_file_of_the_project_is_read",
    ],
    "H7": [
        f"{PLATFORM}/test_booting.py::test_it_listens_while_the_database_cannot_be_had_and_opens_when_it_can",
        f"{PLATFORM}/test_booting.py::test_it_serves_without_its_redis",
    ],
    "H8": [
        "checks/test_offline.py::test_web_concurrency_is_said_to_be_ignored",
        "flows/test_honcho.py::test_several_of_web_have_ports_of_their_own_and_one_community",
        "flows/test_honcho.py::test_a_second_one_on_a_database_file_is_refused_with_a_sentence",
        f"{PLATFORM}/test_talking.py::test_what_is_said_on_one_dyno_is_heard_on_the_other",
    ],
    "H9": [
        "test_settings.py::test_a_new_app_on_heroku_is_told_what_it_lacks",
        "test_settings.py::test_each_of_them_is_needed",
        "checks/test_offline.py::test_what_matters_once_other_people_come_is_said",
    ],
    "H10": [f"{PLATFORM}/test_booting.py::test_nothing_else_listens"],
    "H11": [
        f"{PLATFORM}/test_first_push.py::test_each_deploy_succeeds_and_the_page_says_what_is_still_missing",
        "test_set_up.py::test_every_page_says_what_is_missing_and_the_command_for_each",
        "browser/test_set_up.py::test_it_is_for_everybody_on_every_screen",
        "test_repository.py::test_app_json_is_whole",
    ],
    "H12": [
        "handlers/test_forwarded.py::test_behind_a_proxy_it_is_what_the_proxy_appended_whatever_else_is_claimed",
        "handlers/test_forwarded.py::test_without_a_proxy_nothing_that_is_sent_changes_whose_request_it_is",
        "docs/test_deploy.py::test_a_proxy_of_the_page_says_whose_request_it_is_whatever_the_visitor_claims",
    ],
    "H13": [
        "handlers/test_forwarded.py::test_plain_http_leads_to_the_public_address",
        "handlers/test_forwarded.py::test_over_https_the_page_is_shown_and_kept_there",
        "handlers/test_forwarded.py::test_every_cookie_over_https_is_secure_and_bound_to_the_host",
        "handlers/test_forwarded.py::test_a_websocket_comes_from_the_public_address",
    ],
    "H14": [f"{PLATFORM}/test_patience.py::test_a_line_on_which_nobody_speaks_is_not_cut"],
    "H15": [
        f"{PLATFORM}/test_patience.py::test_every_answer_begins_in_time_while_the_database_hangs",
        "test_listening.py::test_an_idle_connection_is_kept_longer_than_routers_keep_theirs",
        "handlers/test_twitter.py::test_a_hanging_token_request_is_given_up",
    ],
    "H16": [
        f"{PLATFORM}/test_sign_in.py::test_cookies_stay_far_below_what_routers_pass_on",
        "handlers/test_base.py::test_a_page_travels_packed_to_whoever_takes_it_so",
    ],
    "H17": [
        f"{PLATFORM}/test_sign_in.py::test_a_request_is_found_in_the_log_by_the_id_that_the_router_gave_it",
        "handlers/test_leaving.py::test_what_is_no_id_is_replaced",
        "handlers/test_leaving.py::test_leaving_before_the_answer_is_no_fault_and_what_was_asked_is_done",
    ],
    "H18": [
        f"{PLATFORM}/test_stopping.py::test_two_hundred_are_let_go_in_time_and_what_they_said_is_answered",
        f"{PLATFORM}/test_booting.py::test_it_ends_cleanly_while_it_waits_for_the_database",
        "test_server.py::test_a_request_that_waits_for_its_commit_is_answered_before_the_end",
        "test_ending.py::test_a_signal_more_than_needed_does_not_kill_what_ends",
        "test_ending.py::test_whatever_holds_the_end_up_is_left_behind_at_last",
    ],
    "H19": [f"{PLATFORM}/test_releases.py::test_a_deploy_and_a_roll_back_lose_nothing_and_double_nothing"],
    "H20": [
        f"{PLATFORM}/test_booting.py::test_at_rest_it_takes_a_small_part_of_the_smallest_dyno",
        "test_listening.py::test_beyond_the_bound_the_longest_silent_makes_room",
    ],
    "H21": [
        "test_settings.py::test_heroku_s_database_is_asked_for_tls_unless_its_address_says_otherwise",
        "storage/test_postgres.py::test_a_process_takes_no_more_connections_than_it_is_given",
        "storage/test_postgres.py::test_connections_dropped_while_idle_are_made_anew_and_nobody_notices",
        "storage/test_postgres.py::test_a_session_is_set_so_that_nobody_waits_for_long",
    ],
    "H22": [
        "bus/test_redis.py::test_a_certificate_that_nobody_signed_is_refused_unless_it_is_allowed",
        "bus/test_redis.py::test_when_redis_dies_sends_go_on_and_when_it_is_back_empty_everything_is_heard",
        "bus/test_redis.py::test_two_connections_a_process_are_all_it_takes",
    ],
    "H23": [f"{PLATFORM}/test_sign_in.py::test_logs_are_one_line_an_event_and_hold_nothing_secret"],
    "H24": ["docs/test_hosting.py::test_the_readme_says_what_a_host_costs_and_what_it_does_not_do"],
}


@cache
def named_in(path: str) -> set[str]:
    tree = ast.parse((TESTS / path).read_text())
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}


def test_every_rule_is_shown() -> None:
    assert list(SHOWN_BY) == [f"H{number}" for number in range(1, 25)]


@pytest.mark.parametrize("number", SHOWN_BY)
def test_each_test_that_is_named_exists(number: str) -> None:
    for name in SHOWN_BY[number]:
        path, _, test = name.partition("::")
        assert test in named_in(path), name


@pytest.mark.parametrize(
    "said",
    [
        "Basic dyno ($7 a month) and Postgres Essential-0 ($5)",
        "sleeps after half an hour",
        "every open connection ends with that",
        "Eco and Basic cannot be scaled",
        "What Redis adds",
        "the same commands on any host",
        "https://www.heroku.com/deploy",
    ],
)
def test_the_readme_says_what_a_host_costs_and_what_it_does_not_do(said: str) -> None:
    assert said in " ".join((ROOT / "README.md").read_text().split())
