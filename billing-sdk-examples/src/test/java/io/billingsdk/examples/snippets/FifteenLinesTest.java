package io.billingsdk.examples.snippets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import io.billingsdk.testbed.Proof;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import org.junit.platform.launcher.listeners.TestExecutionSummary;

/** The README's test of a service is as short as it says, and passes. */
class FifteenLinesTest {
  private static final Path SOURCE =
      Path.of(
          System.getProperty("basedir", "."),
          "src/test/java/io/billingsdk/examples/snippets/HelloLlmTest.java");

  @Test
  void readmeTest_asJUnitRunsIt_passesInFifteenLines() throws IOException {
    List<String> source = Files.readAllLines(SOURCE);
    int lines = source.indexOf("// endregion") - source.indexOf("// region test") - 1;
    TestExecutionSummary run = run(HelloLlmTest.class);
    Proof.of("testkit")
        .with("lines", lines)
        .with("tests", run.getTestsFoundCount())
        .with("passed", run.getTestsSucceededCount())
        .with("failed", run.getTestsFailedCount())
        .print();
    assertThat(lines).isBetween(1, 15);
    assertThat(run.getTestsSucceededCount()).isEqualTo(1);
    assertThat(run.getTotalFailureCount()).isZero();
  }

  private static TestExecutionSummary run(Class<?> test) {
    SummaryGeneratingListener summary = new SummaryGeneratingListener();
    LauncherFactory.create()
        .execute(
            LauncherDiscoveryRequestBuilder.request().selectors(selectClass(test)).build(),
            summary);
    return summary.getSummary();
  }
}
