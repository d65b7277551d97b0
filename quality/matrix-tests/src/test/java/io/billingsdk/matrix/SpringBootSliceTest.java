package io.billingsdk.matrix;

import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.testbed.Proof;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A test of a service with {@code @SpringBootTest} and {@code @AutoConfigureTestBilling}, as its
 * author writes it, with each starter of gRPC and each generation of Spring Boot.
 */
@Tag("system")
final class SpringBootSliceTest {
  private static final String TEST = "io.billingsdk.matrix.DeskApplicationTest";

  @BeforeAll
  static void requireJars() {
    boolean built = Row.areResolved();
    if (!built) {
      Proof.skipped("boot-test", "the jars were not built: ./mvnw verify");
    }
    Assumptions.assumeTrue(built, "the jars were not built");
  }

  @ParameterizedTest
  @ValueSource(strings = {"boot-app-3.5", "boot-app-3.5-devh", "boot-app-4.0"})
  void springBootTest_withTheClientOfTests_runs(String name) throws Exception {
    Row row = Row.ofTests(name);
    // Two starters on one class path would show nothing: they do not start.
    assertThat(row.has("spring-grpc-core")).isNotEqualTo(row.has("grpc-server-spring-boot"));

    String said = run(row);

    assertThat(said).contains("tests run=2 succeeded=2");
    Proof.of("boot-test")
        .with("boot", row.version("spring-boot"))
        .with("server", row.has("spring-grpc-core") ? "spring-grpc" : "net.devh")
        .with("junit", row.version("junit-jupiter-api"))
        .with("tests", 2)
        .print();
  }

  private static String run(Row row) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(row.command("io.billingsdk.matrix.TestRun", TEST))
            .redirectErrorStream(true)
            .start();
    try {
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).as(said).isTrue();
      return said;
    } finally {
      process.destroyForcibly();
    }
  }
}
