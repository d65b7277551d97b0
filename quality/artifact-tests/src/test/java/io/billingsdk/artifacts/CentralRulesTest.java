package io.billingsdk.artifacts;

import static io.billingsdk.artifacts.StagedByHand.BOM;
import static io.billingsdk.artifacts.StagedByHand.CORE;
import static io.billingsdk.artifacts.StagedByHand.PARENT;
import static io.billingsdk.artifacts.StagedByHand.PUBLISHED;
import static io.billingsdk.artifacts.StagedByHand.SHADED;
import static io.billingsdk.artifacts.StagedByHand.dependency;
import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.testbed.Proof;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The rules find what is planted, and nothing in a staged repository that is right. */
final class CentralRulesTest {
  @TempDir Path directory = Path.of("");

  /** Breaks one thing. */
  private interface Fault {
    void plant(StagedByHand staged) throws IOException;
  }

  @Test
  void repository_thatIsRight_hasNoProblem() throws IOException {
    new StagedByHand(directory).write();
    assertThat(problems(PUBLISHED)).isEmpty();
  }

  @Test
  void repository_withAFault_isRefusedForIt() throws IOException {
    int found = 0;
    Map<String, Fault> faults = new LinkedHashMap<>();
    poms(faults);
    files(faults);
    sbomsAndBom(faults);
    for (Map.Entry<String, Fault> fault : faults.entrySet()) {
      StagedByHand staged = new StagedByHand(directory);
      staged.write();
      fault.getValue().plant(staged);
      assertThat(problems(PUBLISHED)).as(fault.getKey()).contains(fault.getKey());
      found++;
    }
    Proof.of("central-planted-faults").with("planted", faults.size()).with("found", found).print();
  }

  private static void poms(Map<String, Fault> faults) {
    faults.put(CORE + ": the POM has no <name>", in(CORE, ".pom", "<name>n</name>", ""));
    faults.put(
        CORE + ": the POM has no <description>",
        in(PARENT, ".pom", "<description>d</description>", ""));
    faults.put(
        SHADED + ": the POM has no <licenses><license><url>",
        in(PARENT, ".pom", "<url>https://example.org/mit</url>", ""));
    faults.put(
        BOM + ": the POM has no <developers><developer><name>",
        in(BOM, ".pom", "<name>Ada</name>", ""));
    faults.put(BOM + ": the POM has no <scm><url>", in(BOM, ".pom", "<url>u</url>", ""));
    faults.put(
        CORE + ": it depends on jackson-databind 2-SNAPSHOT",
        in(CORE, ".pom", "2.21.8", "2-SNAPSHOT"));
    faults.put(
        CORE + ": it depends on billing-rating, which is not staged",
        in(
            CORE,
            ".pom",
            "<dependencies>",
            "<dependencies>" + dependency("io.billingsdk", "billing-rating", "1.2.3")));
    faults.put(
        SHADED + ": it brings netty-handler",
        in(
            SHADED,
            ".pom",
            "<dependencies>",
            "<dependencies>" + dependency("io.netty", "netty-handler", "4.1.94.Final")));
    faults.put(
        CORE + ": the POM names repositories",
        in(CORE, ".pom", "<dependencies>", "<repositories/><dependencies>"));
    faults.put(
        CORE + ": its parent another is not staged",
        in(CORE, ".pom", PARENT + "</artifactId>", "another</artifactId>"));
  }

  private static void files(Map<String, Fault> faults) {
    for (String ending : List.of(".jar", "-sources.jar", "-javadoc.jar", "-cyclonedx.xml")) {
      String name = CORE + "-1.2.3" + ending;
      faults.put(CORE + ": there is no " + name, staged -> Files.delete(staged.file(CORE, ending)));
    }
    faults.put(
        CORE + ": there is no billing-sdk-core-1.2.3.jar.sha1",
        staged -> Files.delete(staged.file(CORE, ".jar.sha1")));
    faults.put(
        CORE + ": billing-sdk-core-1.2.3.jar.md5 is of other bytes",
        staged -> Files.writeString(staged.file(CORE, ".jar.md5"), "00"));
    faults.put(
        CORE + ": there is no billing-sdk-core-1.2.3.pom.asc",
        staged -> Files.delete(staged.file(CORE, ".pom.asc")));
    faults.put(
        CORE + ": the manifest has no Automatic-Module-Name",
        staged -> staged.jar(CORE, ".jar", "", "io/billingsdk/Billing.class"));
    faults.put(
        CORE + ": the sources have no io/billingsdk/Other.java",
        staged -> staged.jar(CORE, ".jar", "a", "io/billingsdk/Other.class"));
    faults.put(
        CORE + ": the Javadoc has no page of io/billingsdk/more",
        staged -> staged.jar(CORE, ".jar", "a", "io/billingsdk/more/Other.class"));
    faults.put(
        SHADED + ": the jar has a class of others: io/netty/Channel.class",
        staged -> staged.jar(SHADED, ".jar", "a", "io/netty/Channel.class"));
    faults.put(
        "billing-rating: is staged, and is never published",
        staged -> Files.createDirectories(staged.file("billing-rating", ".jar")));
  }

  private static void sbomsAndBom(Map<String, Fault> faults) {
    faults.put(
        CORE + ": the SBOM lacks the dependency com.fasterxml.jackson.core:jackson-databind",
        in(CORE, "-cyclonedx.xml", "jackson-databind", "another"));
    faults.put(
        CORE + ": the SBOM has jackson-databind without a purl or without hashes",
        in(CORE, "-cyclonedx.xml", "<hashes/>", ""));
    faults.put(
        CORE + ": the SBOM is not about pkg:maven/io.billingsdk/billing-sdk-core@1.2.3",
        in(CORE, "-cyclonedx.xml", "@1.2.3", "@1.2.2"));
    faults.put(
        CORE + ": the SBOM is not of CycloneDX",
        in(CORE, "-cyclonedx.xml", "cyclonedx.org", "example.org"));
    faults.put(
        BOM + ": it lacks billing-sdk-core-shaded",
        in(BOM, ".pom", dependency("io.billingsdk", SHADED, "${project.version}"), ""));
    faults.put(
        BOM + ": it has billing-rating, which is not published",
        in(BOM, ".pom", "<artifactId>" + SHADED, "<artifactId>billing-rating"));
    faults.put(BOM + ": it has billing-sdk-core 1.0", in(BOM, ".pom", "${project.version}", "1.0"));
    faults.put(
        BOM + ": it has a parent, whose versions it would hand on",
        in(BOM, ".pom", "<name>n</name>", "<name>n</name><parent/>"));
  }

  private static Fault in(String artifact, String ending, String text, String by) {
    return staged -> staged.replace(artifact, ending, text, by);
  }

  @Test
  void repository_ofASnapshot_orWithoutAModule_isRefused() throws IOException {
    new StagedByHand(directory).write();
    assertThat(new CentralRules(directory, "1-SNAPSHOT", false).problems(Set.of()))
        .contains("the version is 1-SNAPSHOT: Maven Central takes no snapshots");
    assertThat(new CentralRules(directory, "1.2.3", false).problems(Set.of(CORE, "billing-x")))
        .contains("billing-x: has no POM of 1.2.3");
  }

  private List<String> problems(Set<String> published) throws IOException {
    return new CentralRules(directory, StagedByHand.VERSION, true).problems(published);
  }
}
