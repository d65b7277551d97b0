package io.billingsdk.grpc;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The borders of this module. */
@AnalyzeClasses(packages = "io.billingsdk.grpc", importOptions = DoNotIncludeTests.class)
final class GrpcArchitectureTest {

  /** What it needs of core has to be public API: whatever it uses, a user must be able to use. */
  @ArchTest
  static final ArchRule usesOnlyThePublicApiOfCore =
      noClasses().should().dependOnClassesThat().resideInAPackage("io.billingsdk.internal..");

  @ArchTest
  static final ArchRule usesNoWireCodec =
      noClasses().should().dependOnClassesThat().resideInAPackage("io.billingsdk.wire..");

  @ArchTest
  static final ArchRule publicTypesArePinned =
      classes()
          .that()
          .arePublic()
          .should()
          .haveSimpleName("ApiKeyInterceptor")
          .orShould()
          .haveSimpleName("ApiKeyInterceptorBuilder")
          .orShould()
          .haveSimpleName("BillingContext")
          .orShould()
          .haveSimpleName("GrpcBilling");
}
