package io.billingsdk.costs;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The rules that keep the module pure: Jackson's trees and the JDK, no clock, no zone, no file. */
@AnalyzeClasses(
    packages = "io.billingsdk.costs",
    importOptions = ImportOption.DoNotIncludeTests.class)
final class CostsArchitectureTest {
  private static final String LIST = "/public-types.txt";

  @ArchTest
  static final ArchRule dependsOnJacksonAndTheJdkAlone =
      classes()
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(
              "io.billingsdk.costs",
              "com.fasterxml.jackson..",
              "java.io",
              "java.lang..",
              "java.math",
              "java.nio.charset",
              "java.security",
              "java.time..",
              "java.util",
              "java.util.function",
              "java.util.regex",
              "java.util.stream",
              "org.jspecify.annotations");

  @ArchTest
  static final ArchRule onlyOneClassReadsTheJar =
      noClasses()
          .that()
          .doNotHaveSimpleName("ShippedPrices")
          .should()
          .dependOnClassesThat()
          .areAssignableTo(InputStream.class);

  @ArchTest
  static final ArchRule readsNoClockNoZoneAndNoChance =
      noClasses()
          .should()
          .dependOnClassesThat(
              describe(
                  "give another answer each time",
                  type ->
                      type.isAssignableTo(Clock.class)
                          || type.isAssignableTo(Random.class)
                          || type.isEquivalentTo(Thread.class)))
          .orShould()
          .callMethodWhere(
              describe(
                  "the time, the zone or the locale of the machine is asked",
                  call -> List.of("now", "systemDefault", "getDefault").contains(call.getName())));

  @Test
  void publicTypes_areThePinnedOnes() throws IOException {
    List<String> found =
        new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages("io.billingsdk.costs")
                .stream()
                .filter(JavaClass::isTopLevelClass)
                .filter(type -> type.getModifiers().toString().contains("PUBLIC"))
                .map(JavaClass::getSimpleName)
                .sorted()
                .toList();
    try (InputStream in =
        Objects.requireNonNull(CostsArchitectureTest.class.getResourceAsStream(LIST), LIST)) {
      String pinned = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      assertThat(found)
          .as("the public types, beside %s", LIST)
          .containsExactlyElementsOf(pinned.lines().sorted().toList());
    }
  }
}
