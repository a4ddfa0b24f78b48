package io.tidecast.page;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import io.tidecast.graph.testing.HouseRules;

@AnalyzeClasses(packages = "io.tidecast.page", importOptions = DoNotIncludeTests.class)
class PageBoundaryTest {

  @ArchTest static final ArchRule shouldHaveNoCycles = HouseRules.NO_CYCLE_OF_PACKAGES;

  @ArchTest static final ArchRule shouldTakeFewArguments = HouseRules.FEW_ARGUMENTS;

  @ArchTest static final ArchRule shouldHaveNoCrowdedPackage = HouseRules.NO_CROWD;

  @ArchTest static final ArchRule shouldSayWhatEachPackageIsFor = HouseRules.EXPLAINED;

  @ArchTest
  static final ArchRule shouldKeepWithoutServing =
      ArchRuleDefinition.noClasses()
          .that()
          .resideInAPackage("io.tidecast.page.kept")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("com.sun.net..", "com.fasterxml..", "io.tidecast.page.http..");
}
