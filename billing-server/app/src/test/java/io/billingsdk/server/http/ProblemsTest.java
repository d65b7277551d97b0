package io.billingsdk.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.server.common.InstallationException;
import io.billingsdk.server.common.RequestRefusedException;
import io.billingsdk.server.db.DatabaseException;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProblemsTest {
  private static Problem problem(SQLException failed) {
    return Problems.of(new DatabaseException(failed));
  }

  @ParameterizedTest
  @ValueSource(strings = {"22003", "22000", "22012", "22P02", "22008"})
  void errorOfOurOwnRows_isNotTheCallers(String state) {
    assertThat(problem(new SQLException("bigint out of range", state)).status()).isEqualTo(500);
  }

  @ParameterizedTest
  @ValueSource(strings = {"22021", "22P05"})
  void textThatTheDatabaseCannotHold_isTheCallers(String state) {
    assertThat(problem(new SQLException("invalid byte sequence", state)).status())
        .isBetween(400, 499);
  }

  @Test
  void databaseThatIsAway_isUnavailable() {
    assertThat(problem(new SQLException("gone", "08006")).status()).isEqualTo(503);
  }

  @Test
  void refusedRequest_isTheProblemOfItsKind_withFieldAndExpectation() {
    assertThat(Problems.of(RequestRefusedException.invalid("usage must be", "from 0")))
        .satisfies(
            problem -> {
              assertThat(problem.status()).isEqualTo(400);
              assertThat(problem.field()).isEqualTo("usage must be");
              assertThat(problem.expected()).isEqualTo("from 0");
              assertThat(problem.detail()).isEqualTo("usage must be must be from 0");
            });
    assertThat(Problems.of(RequestRefusedException.notFound("appId", "no app")))
        .isEqualTo(Problem.notFound("appId", "no app"));
    assertThat(Problems.of(RequestRefusedException.conflict("keyId", "it is there")))
        .isEqualTo(Problem.conflict("keyId", "it is there"));
    assertThat(Problems.of(RequestRefusedException.keyReused("Idempotency-Key", "of another")))
        .isEqualTo(Problem.keyReused("of another"));
  }

  /** The state of the installation is no matter of a client. */
  @Test
  void failureOfTheInstallation_isAFaultWithoutItsWords() {
    assertThat(Problems.of(new InstallationException("/var/lib/billing is full")))
        .isEqualTo(Problem.internal());
  }
}
