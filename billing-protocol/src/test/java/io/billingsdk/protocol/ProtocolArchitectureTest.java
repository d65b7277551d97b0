package io.billingsdk.protocol;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;

/** The borders of this module: both sides of the wire stand on it, so it stands on nothing. */
@AnalyzeClasses(packages = "io.billingsdk.protocol", importOptions = DoNotIncludeTests.class)
final class ProtocolArchitectureTest {
  private static final String LIST = "/public-types.txt";

  @ArchTest
  static final ArchRule knowsOnlyItselfAndJackson =
      classes()
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(
              "io.billingsdk.protocol..",
              "com.fasterxml.jackson..",
              "org.jspecify..",
              "java..",
              "javax.crypto..");

  @ArchTest
  static final ArchRule nobodyKnowsTheClientOrTheServer =
      noClasses()
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "io.billingsdk.internal..", "io.billingsdk.server..", "io.billingsdk");

  @ArchTest
  static void publicTypes_areThePinnedOnes(JavaClasses all) throws IOException {
    List<String> found =
        all.stream()
            .filter(JavaClass::isTopLevelClass)
            .filter(type -> type.getModifiers().contains(JavaModifier.PUBLIC))
            .map(JavaClass::getName)
            .sorted()
            .toList();
    assertThat(found).as("the public types, beside %s", LIST).containsExactlyElementsOf(pinned());
  }

  private static List<String> pinned() throws IOException {
    try (InputStream list =
        Objects.requireNonNull(ProtocolArchitectureTest.class.getResourceAsStream(LIST), LIST)) {
      return new String(list.readAllBytes(), StandardCharsets.UTF_8).lines().sorted().toList();
    }
  }
}
