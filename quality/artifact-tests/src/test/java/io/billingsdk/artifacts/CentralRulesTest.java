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
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The rules find what is planted, and nothing in a staged repository that is right. */
final class CentralRulesTest {
  private static final String SNAPSHOT_ITSELF =
      "the version is 1-SNAPSHOT: Maven Central takes no snapshots";
  private static final String NO_POM = "billing-x: has no POM of 1.2.3";

  /** A text of several words in a source. */
  private static final Pattern MESSAGE = Pattern.compile("\"([^\"\n]*[a-z] [^\"\n]*)\"");

  /** Comments, and faults of the check itself. */
  private static final Pattern NO_MESSAGES =
      Pattern.compile("(?m)^ *(/?[*]|//).*$|new \\w+Exception\\([^;]*;");

  @TempDir Path directory = Path.of("");

  /** Breaks one thing. */
  private interface Fault {
    void plant(StagedByHand staged) throws IOException;
  }

  @Test
  void repository_thatIsRight_hasNoProblem() throws IOException {
    new StagedByHand(directory).write();
    assertThat(problems(directory, PUBLISHED)).isEmpty();
  }

  @Test
  void repository_withAFault_isRefusedForIt() throws IOException {
    int found = 0;
    Map<String, Fault> faults = faults();
    for (Map.Entry<String, Fault> fault : faults.entrySet()) {
      Path own = directory.resolve(String.valueOf(found));
      StagedByHand staged = new StagedByHand(own);
      staged.write();
      fault.getValue().plant(staged);
      assertThat(problems(own, PUBLISHED)).as(fault.getKey()).contains(fault.getKey());
      found++;
    }
    Proof.of("central-planted-faults").with("planted", faults.size()).with("found", found).print();
  }

  /** A rule without a plant may find nothing at all: each message of the rules is planted. */
  @Test
  void rules_inTheirSources_haveAPlantEach() throws IOException {
    Set<String> planted = new LinkedHashSet<>(faults().keySet());
    planted.add(SNAPSHOT_ITSELF);
    planted.add(NO_POM);
    int rules = 0;
    for (String file :
        List.of("CentralRules", "Digests", "JarRules", "PomRules", "SbomRules", "VersionRules")) {
      String source =
          Files.readString(Path.of("src/main/java/io/billingsdk/artifacts", file + ".java"));
      for (MatchResult text :
          MESSAGE.matcher(NO_MESSAGES.matcher(source).replaceAll("")).results().toList()) {
        assertThat(planted)
            .as("a plant for the rule of %s: %s", file, text.group(1))
            .anyMatch(message -> message.contains(text.group(1)));
        rules++;
      }
    }
    assertThat(rules).isGreaterThan(30);
    Proof.of("central-rules").with("messages", rules).with("planted", planted.size()).print();
  }

  private static Map<String, Fault> faults() {
    Map<String, Fault> faults = new LinkedHashMap<>();
    metadata(faults);
    poms(faults);
    versions(faults);
    files(faults);
    jars(faults);
    sboms(faults);
    boms(faults);
    return faults;
  }

  /** Each of them once in a module without the parent, whose own it is then. */
  private static void metadata(Map<String, Fault> faults) {
    Map<String, String> elements =
        Map.of(
            "description", "<description>d</description>",
            "url", "<url>https://example.org</url>",
            "licenses><license><name", "<name>MIT</name>",
            "licenses><license><url", "<url>https://example.org/mit</url>",
            "developers><developer><name", "<name>Ada</name>",
            "scm><connection", "<connection>c</connection>",
            "scm><developerConnection", "<developerConnection>c</developerConnection>",
            "scm><url", "<url>u</url>");
    for (Map.Entry<String, String> element : elements.entrySet()) {
      String problem = ": the POM has no <" + element.getKey() + ">";
      faults.put(BOM + problem, in(BOM, ".pom", element.getValue(), ""));
      faults.put(CORE + problem, in(PARENT, ".pom", element.getValue(), ""));
    }
    faults.put(CORE + ": the POM has no <name>", in(CORE, ".pom", "<name>n</name>", ""));
  }

  private static void poms(Map<String, Fault> faults) {
    faults.put(
        CORE + ": the POM is of other 1.2.3",
        in(CORE, ".pom", "<artifactId>" + CORE, "<artifactId>other"));
    faults.put(
        SHADED + ": the POM is of billing-sdk-core-shaded 1.2.2",
        in(SHADED, ".pom", "<version>1.2.3<", "<version>1.2.2<"));
    faults.put(
        CORE + ": it depends on a file of this machine: jackson-databind",
        in(
            CORE,
            ".pom",
            "</version></dependency>",
            "</version><scope>system</scope></dependency>"));
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

  private static void versions(Map<String, Fault> faults) {
    String of = CORE + ": the version of jackson-databind is ";
    faults.put(
        CORE + ": the POM names a snapshot: 2-SNAPSHOT", in(CORE, ".pom", "2.21.8", "2-SNAPSHOT"));
    faults.put(
        PARENT + ": the POM names a snapshot: 3-SNAPSHOT",
        in(
            PARENT,
            ".pom",
            "<name>n</name>",
            "<name>n</name><properties><guava.version>3-SNAPSHOT</guava.version></properties>"));
    faults.put(
        BOM + ": the POM names a snapshot: 1.2.2-SNAPSHOT",
        in(BOM, ".pom", "${project.version}", "1.2.2-SNAPSHOT"));
    faults.put(
        CORE + ": nothing manages the version of jackson-databind",
        in(CORE, ".pom", "<version>2.21.8</version>", ""));
    faults.put(
        of + "a property that is nowhere: ${jackson.version}",
        in(CORE, ".pom", "2.21.8", "${jackson.version}"));
    faults.put(of + "no single release: [2.21,3)", in(CORE, ".pom", "2.21.8", "[2.21,3)"));
    faults.put(of + "no single release: LATEST", in(CORE, ".pom", "2.21.8", "LATEST"));
    faults.put(
        PARENT + ": the version of a-plugin is no single release: RELEASE",
        in(
            PARENT,
            ".pom",
            "<name>n</name>",
            "<name>n</name><build><plugins><plugin><artifactId>a-plugin</artifactId>"
                + "<version>RELEASE</version></plugin></plugins></build>"));
  }

  private static void files(Map<String, Fault> faults) {
    for (String ending : List.of(".jar", "-sources.jar", "-javadoc.jar", "-cyclonedx.xml")) {
      String name = CORE + "-1.2.3" + ending;
      faults.put(CORE + ": there is no " + name, staged -> Files.delete(staged.file(CORE, ending)));
    }
    for (String ending : List.of(".jar.md5", ".jar.sha1")) {
      String name = CORE + "-1.2.3" + ending;
      faults.put(CORE + ": there is no " + name, staged -> Files.delete(staged.file(CORE, ending)));
      faults.put(
          CORE + ": " + name + " is of other bytes",
          staged -> Files.writeString(staged.file(CORE, ending), "00"));
    }
    faults.put(
        CORE + ": there is no billing-sdk-core-1.2.3.pom.asc",
        staged -> Files.delete(staged.file(CORE, ".pom.asc")));
    faults.put(
        "billing-rating: is staged, and is never published",
        staged -> Files.createDirectories(staged.file("billing-rating", ".jar")));
  }

  private static void jars(Map<String, Fault> faults) {
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
        CORE + ": the Javadoc has no index.html",
        staged -> staged.jar(CORE, "-javadoc.jar", "", "io/billingsdk/package-summary.html"));
    faults.put(
        CORE + ": the Javadoc has what is internal: io/billingsdk/internal/A.html",
        staged -> staged.jar(CORE, "-javadoc.jar", "", "io/billingsdk/internal/A.html"));
    faults.put(
        SHADED + ": the jar has a class of others: io/netty/Channel.class",
        staged -> staged.jar(SHADED, ".jar", "a", "io/netty/Channel.class"));
  }

  private static void sboms(Map<String, Fault> faults) {
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
        CORE + ": the SBOM is missing as JSON",
        staged -> Files.delete(staged.file(CORE, "-cyclonedx.json")));
    faults.put(
        CORE + ": the SBOM names a snapshot as JSON",
        in(CORE, "-cyclonedx.json", "{}", "{\"version\": \"2-SNAPSHOT\"}"));
    faults.put(
        CORE + ": the SBOM names a snapshot: jackson-databind 2-SNAPSHOT",
        in(CORE, "-cyclonedx.xml", "2.21.8", "2-SNAPSHOT"));
    faults.put(
        CORE + ": the SBOM has jackson-databind without a version",
        in(CORE, "-cyclonedx.xml", "<version>2.21.8</version>", ""));
  }

  private static void boms(Map<String, Fault> faults) {
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
        .contains(SNAPSHOT_ITSELF);
    assertThat(new CentralRules(directory, "1.2.3", false).problems(Set.of(CORE, "billing-x")))
        .contains(NO_POM);
  }

  private static List<String> problems(Path repository, Set<String> published) throws IOException {
    return new CentralRules(repository, StagedByHand.VERSION, true).problems(published);
  }
}
