package io.billingsdk.server.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProblemsTest {
  @ParameterizedTest
  @ValueSource(strings = {"22003", "22000", "22012", "22P02", "22008"})
  void errorOfOurOwnRows_isNotTheCallers(String state) {
    assertThat(Problems.of(new SQLException("bigint out of range", state)).status()).isEqualTo(500);
  }

  @ParameterizedTest
  @ValueSource(strings = {"22021", "22P05"})
  void textThatTheDatabaseCannotHold_isTheCallers(String state) {
    assertThat(Problems.of(new SQLException("invalid byte sequence", state)).status())
        .isBetween(400, 499);
  }

  @Test
  void databaseThatIsAway_isUnavailable() {
    assertThat(Problems.of(new SQLException("gone", "08006")).status()).isEqualTo(503);
  }
}
