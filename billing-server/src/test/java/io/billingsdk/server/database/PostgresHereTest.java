package io.billingsdk.server.database;

import static org.assertj.core.api.Assertions.assertThat;

import io.zonky.test.db.postgres.util.LinuxUtils;
import org.junit.jupiter.api.Test;

class PostgresHereTest {
  @Test
  void whyNot_systemsThatAreBroughtAlong_nothing() {
    assertThat(PostgresHere.whyNot("Linux", "amd64", false)).isEmpty();
    assertThat(PostgresHere.whyNot("Linux", "aarch64", false)).isEmpty();
  }

  @Test
  void whyNot_anotherSystem_namesItAndWhatThereIs() {
    assertThat(PostgresHere.whyNot("SunOS", "sparcv9", false))
        .hasValueSatisfying(
            why ->
                assertThat(why)
                    .contains("SunOS on sparcv9", "Linux and macOS")
                    .doesNotContain("\n"));
  }

  @Test
  void whyNot_root_onlyWhereItCanBecomeAnother() {
    assertThat(PostgresHere.whyNot("Linux", "amd64", true).isEmpty())
        .isEqualTo(LinuxUtils.isUnshareAvailable());
  }
}
