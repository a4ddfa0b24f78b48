package io.tidecast.runtime.testing;

import io.tidecast.runtime.baselines.SeasonalNaive;
import io.tidecast.runtime.manifest.ModelManifest.Patches.Padding;
import io.tidecast.runtime.onnx.OnnxForecaster;
import io.tidecast.runtime.onnx.OnnxOptions;
import io.tidecast.runtime.windows.Forecaster;
import org.junit.jupiter.api.Nested;

/**
 * The contract kit, over every kind of forecaster there is and every way in which windows share
 * runs.
 */
class ForecastersTest {

  @Nested
  class PatchTst extends ForecasterContract {
    @Override
    protected Forecaster open() {
      return OnnxForecaster.open(TestModels.patchTst(), OnnxOptions.defaults());
    }
  }

  @Nested
  class PatchTstOnTwoThreads extends ForecasterContract {
    @Override
    protected Forecaster open() {
      return OnnxForecaster.open(TestModels.patchTst(), new OnnxOptions(2));
    }
  }

  @Nested
  class MeanOverTime extends ForecasterContract {
    @Override
    protected Forecaster open() {
      return OnnxForecaster.open(TestModels.meanOverTime(), OnnxOptions.defaults());
    }
  }

  @Nested
  class MeanOverOddRows extends ForecasterContract {
    @Override
    protected Forecaster open() {
      return OnnxForecaster.open(TestModels.meanOverOddRows(), OnnxOptions.defaults());
    }
  }

  @Nested
  class MeanOfKnown extends ForecasterContract {
    @Override
    protected Forecaster open() {
      return OnnxForecaster.open(TestModels.meanOfKnown(), OnnxOptions.defaults());
    }
  }

  @Nested
  class PatchesPaddedAtTheEnd extends ForecasterContract {
    @Override
    protected Forecaster open() {
      return OnnxForecaster.open(
          TestModels.patches(Padding.END, false, -1), OnnxOptions.defaults());
    }
  }

  @Nested
  class PatchesPaddedOnTheLeft extends ForecasterContract {
    @Override
    protected Forecaster open() {
      return OnnxForecaster.open(
          TestModels.patches(Padding.LEFT, true, -1), OnnxOptions.defaults());
    }
  }

  @Nested
  class PatchesOneWindowARun extends ForecasterContract {
    @Override
    protected Forecaster open() {
      return OnnxForecaster.open(
          TestModels.patches(Padding.NONE, false, 2), OnnxOptions.defaults());
    }
  }

  @Nested
  class CutWithQuantiles extends ForecasterContract {
    @Override
    protected Forecaster open() {
      return TestModels.open(TestModels.withQuantiles(), 3);
    }
  }

  @Nested
  class CutWithEveryInput extends ForecasterContract {
    @Override
    protected Forecaster open() {
      return TestModels.open(RichModels.everyInput(), 1);
    }
  }

  @Nested
  class RolledOut extends ForecasterContract {
    @Override
    protected Forecaster open() {
      return TestModels.open(TestModels.rollingOut(TestModels.patchTst(), 130), 100);
    }
  }

  @Nested
  class RolledOutInPairs extends ForecasterContract {
    @Override
    protected Forecaster open() {
      return TestModels.open(TestModels.rollingOut(TestModels.meanOverTime(), 9), 9);
    }
  }

  @Nested
  class RolledOutWithLeftPadding extends ForecasterContract {
    @Override
    protected Forecaster open() {
      return TestModels.open(TestModels.rollingOut(TestModels.meanOfKnown(), 20), 17);
    }
  }

  @Nested
  class RolledOutOfPatches extends ForecasterContract {
    @Override
    protected Forecaster open() {
      return TestModels.open(
          TestModels.rollingOut(TestModels.patches(Padding.END, false, -1), 13), 13);
    }
  }

  @Nested
  class RolledOutWithCalendarAndNoise extends ForecasterContract {
    @Override
    protected Forecaster open() {
      return TestModels.open(TestModels.rollingOut(RichModels.wander(), 11), 11);
    }
  }

  @Nested
  class SeasonalOfAnotherHorizon extends ForecasterContract {
    @Override
    protected Forecaster open() {
      return new SeasonalNaive(
          TestModels.rollingOut(TestModels.meanOverTime(), 60).manifest().spec(50), 48);
    }
  }

  @Nested
  class SeasonalOfAModelWithLeftPadding extends ForecasterContract {
    @Override
    protected Forecaster open() {
      return new SeasonalNaive(TestModels.meanOfKnown().manifest().spec(), 5);
    }
  }

  @Nested
  class OtherWhenAlone extends ForecasterContract {
    @Override
    protected Forecaster open() {
      return OnnxForecaster.open(TestModels.otherWhenAlone(), OnnxOptions.defaults());
    }
  }

  @Nested
  class OtherInCompany extends ForecasterContract {
    @Override
    protected Forecaster open() {
      return OnnxForecaster.open(TestModels.otherInCompany(), OnnxOptions.defaults());
    }
  }

  @Nested
  class OneWindowARun extends ForecasterContract {
    @Override
    protected Forecaster open() {
      return OnnxForecaster.open(TestModels.oneWindowARun(), OnnxOptions.defaults());
    }
  }

  @Nested
  class WithQuantiles extends ForecasterContract {
    @Override
    protected Forecaster open() {
      return OnnxForecaster.open(TestModels.withQuantiles(), OnnxOptions.defaults());
    }
  }

  @Nested
  class JointQuantiles extends ForecasterContract {
    @Override
    protected Forecaster open() {
      return OnnxForecaster.open(RichModels.jointQuantiles(), OnnxOptions.defaults());
    }
  }

  @Nested
  class CutJointQuantiles extends ForecasterContract {
    @Override
    protected Forecaster open() {
      return TestModels.open(RichModels.jointQuantiles(), 3);
    }
  }

  @Nested
  class EveryInput extends ForecasterContract {
    @Override
    protected Forecaster open() {
      return OnnxForecaster.open(RichModels.everyInput(), OnnxOptions.defaults());
    }
  }

  @Nested
  class EveryInputOtherWhenAlone extends ForecasterContract {
    @Override
    protected Forecaster open() {
      return OnnxForecaster.open(RichModels.everyInputOtherWhenAlone(), OnnxOptions.defaults());
    }
  }

  @Nested
  class EveryInputOneWindowARun extends ForecasterContract {
    @Override
    protected Forecaster open() {
      return OnnxForecaster.open(RichModels.everyInputOneWindowARun(), OnnxOptions.defaults());
    }
  }

  @Nested
  class CalendarAndNoise extends ForecasterContract {
    @Override
    protected Forecaster open() {
      return OnnxForecaster.open(RichModels.calendarAndNoise(), OnnxOptions.defaults());
    }
  }

  @Nested
  class SeasonalOfAModelWithEveryInput extends ForecasterContract {
    @Override
    protected Forecaster open() {
      return new SeasonalNaive(RichModels.everyInput().manifest().spec(), 3);
    }
  }

  @Nested
  class Seasonal extends ForecasterContract {
    @Override
    protected Forecaster open() {
      return new SeasonalNaive(TestModels.meanOverTime().manifest().spec(), 48);
    }
  }
}
