package io.billingsdk.costs;

import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.testbed.FloatScan;
import io.billingsdk.testbed.Proof;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A binary fraction in this module would be a wrong cost some day. */
final class NoFloatTest {
  @Test
  void classesOfTheModule_holdNoBinaryFraction() throws Exception {
    Path classes =
        Path.of(Catalogue.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    List<String> findings = FloatScan.findings(classes);
    Proof.of("no-float")
        .with("module", "billing-costs")
        .with("classes", FloatScan.classFiles(classes).size())
        .with("findings", findings.size())
        .print();
    assertThat(findings).isEmpty();
  }
}
