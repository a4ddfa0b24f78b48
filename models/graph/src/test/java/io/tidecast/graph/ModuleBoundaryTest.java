package io.tidecast.graph;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import io.tidecast.graph.testing.HouseRules;

@AnalyzeClasses(
    packages = "io.tidecast.graph",
    importOptions = ImportOption.DoNotIncludeTests.class)
class ModuleBoundaryTest {

  @ArchTest static final ArchRule SHOULD_HAVE_NO_CYCLE = HouseRules.NO_CYCLE_OF_PACKAGES;
  @ArchTest static final ArchRule SHOULD_HAVE_NO_CROWD = HouseRules.NO_CROWD;
  @ArchTest static final ArchRule SHOULD_TAKE_FEW_ARGUMENTS = HouseRules.FEW_ARGUMENTS;

  @ArchTest
  static final ArchRule SHOULD_KNOW_PROTOBUF_ALONE =
      classes()
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(
              "java..",
              "org.jspecify.annotations..",
              "io.tidecast.graph..",
              "ai.onnx.proto..",
              "com.google.protobuf..");
}
