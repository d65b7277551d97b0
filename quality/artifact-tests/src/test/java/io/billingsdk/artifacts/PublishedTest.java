package io.billingsdk.artifacts;

import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.testbed.Proof;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The list of published modules, and each place that repeats it. */
final class PublishedTest {
  private static final Path CHECKOUT = Path.of("../..");

  @Test
  void modules_ofThisCheckout_publishTheSdkAndNothingElse() throws IOException {
    Set<String> published = Published.modules(CHECKOUT).keySet();
    Proof.of("published").with("modules", published.size()).print();
    assertThat(published)
        .containsExactly(
            "billing-protocol",
            "billing-sdk-bom",
            "billing-sdk-core",
            "billing-sdk-core-shaded",
            "billing-sdk-grpc",
            "billing-sdk-micrometer",
            "billing-sdk-parent",
            "billing-sdk-spring-boot",
            "billing-sdk-testkit");
  }

  @Test
  void stageScript_buildsEachOfThem() throws IOException {
    String script = Files.readString(CHECKOUT.resolve("scripts/stage"));
    assertThat(Published.modules(CHECKOUT).keySet())
        .filteredOn(name -> !name.equals("billing-sdk-parent"))
        .allSatisfy(name -> assertThat(script).containsPattern("[=,]" + name + "\\b"));
  }

  @Test
  void bom_ofThisCheckout_hasEachJar() throws IOException {
    Pom bom = Pom.read(CHECKOUT.resolve("billing-sdk-bom/pom.xml"));
    assertThat(bom.managed().stream().map(Pom.Dependency::artifact))
        .containsExactlyElementsOf(
            Published.modules(CHECKOUT).keySet().stream()
                .filter(name -> !Set.of("billing-sdk-parent", "billing-sdk-bom").contains(name))
                .toList());
  }
}
