package io.billingsdk.server.db;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("postgres")
class PostgresSupportTest {
  private static Optional<String> whyNot(String system, String hardware, boolean root) {
    return PostgresSupport.whyNot(system, hardware, root, PostgresSupport::isBroughtAlong);
  }

  @Test
  void whyNot_systemsThatAreBroughtAlong_nothing() {
    assertThat(whyNot("Linux", "amd64", false)).isEmpty();
    assertThat(whyNot("Linux", "aarch64", false)).isEmpty();
  }

  @Test
  void whyNot_anotherSystem_namesItAndWhatThereIs() {
    assertThat(whyNot("SunOS", "sparcv9", false))
        .hasValueSatisfying(
            why ->
                assertThat(why)
                    .contains("SunOS on sparcv9", "Linux and macOS")
                    .doesNotContain("\n"));
  }

  @Test
  void whyNot_buildWithoutAny_saysSoWhateverTheSystem() {
    for (String system : List.of("Linux", "Darwin", "SunOS")) {
      assertThat(PostgresSupport.whyNot(system, "amd64", false, name -> false))
          .hasValue("this build of billing contains no PostgreSQL");
    }
  }

  @Test
  void whyNot_root_onlyWhereItCanBecomeAnother() {
    assertThat(whyNot("Linux", "amd64", true).isEmpty()).isEqualTo(Launch.canBecomeNobody());
  }
}
