package io.billingsdk.cli;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The borders of this module, as docs/architecture.md draws them. */
@AnalyzeClasses(packages = "io.billingsdk.cli", importOptions = DoNotIncludeTests.class)
final class CliArchitectureTest {

  @ArchTest
  static final ArchRule packagesAreFreeOfCycles =
      slices().matching("io.billingsdk.cli.(*)..").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule onlyTheDoctorKnowsMqtt =
      noClasses()
          .that()
          .resideOutsideOfPackage("io.billingsdk.cli.doctor..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("com.hivemq..");

  /** Of the SDK's inner parts an operator sees the journal's files, and how a client is run. */
  @ArchTest
  static final ArchRule knowsLittleOfTheSdk =
      noClasses()
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "io.billingsdk.internal.delivery..",
              "io.billingsdk.internal.link..",
              "io.billingsdk.internal.keys..");
}
