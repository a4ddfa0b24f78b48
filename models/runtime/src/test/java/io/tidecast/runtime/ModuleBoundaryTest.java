package io.tidecast.runtime;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(
    packages = "io.tidecast.runtime",
    importOptions = ImportOption.DoNotIncludeTests.class)
class ModuleBoundaryTest {

  @ArchTest
  static final ArchRule shouldKnowNothingButOnnxRuntimeAndJackson =
      classes()
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(
              "java..", "io.tidecast.runtime..", "ai.onnxruntime..", "com.fasterxml.jackson..");

  @ArchTest
  static final ArchRule shouldTouchOnnxRuntimeInOnePlace =
      classes()
          .that()
          .haveSimpleNameNotStartingWith("Onnx")
          .should()
          .onlyDependOnClassesThat()
          .resideOutsideOfPackage("ai.onnxruntime..");
}
