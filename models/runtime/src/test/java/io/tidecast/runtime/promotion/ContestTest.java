package io.tidecast.runtime.promotion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ContestTest {

  private static final ModelName A = new ModelName("a", "1");
  private static final ModelName B = new ModelName("b", "1");
  private static final ModelName C = new ModelName("c", "1");

  /** 14 blocks of 4 cells, each of which counts an origin. */
  private static final PromotionRule RULE = new PromotionRule(.05, 50, .99, 8, 4, false);

  private static final int CONTEST = 56;

  private static Bout bout(long cell, ModelName primary, ModelName rival, double... losses) {
    return new Bout(cell, primary, rival, Bout.parts(losses[0]), Bout.parts(losses[1]), 1, true);
  }

  private static List<Verdict> close(Contest contest, long block) {
    return contest.closeThrough(block, any -> true);
  }

  /** Adds the cells of some blocks, and closes each block after its last. */
  private static List<Verdict> run(
      Contest contest, int fromBlock, int blocks, ModelName rival, double... losses) {
    List<Verdict> verdicts = new ArrayList<>();
    for (int block = fromBlock; block < fromBlock + blocks; block++) {
      for (int cell = block * 4; cell < block * 4 + 4; cell++) {
        assertThat(contest.add(bout(cell, A, rival, losses))).isTrue();
      }
      verdicts.addAll(close(contest, block));
    }
    return verdicts;
  }

  @Test
  void shouldGiveThePlaceToTheBetterOnceTheContestIsOver() {
    Contest contest = new Contest(RULE);
    assertThat(run(contest, 0, 13, B, 2, 1)).isEmpty();
    assertThat(run(contest, 13, 1, B, 2, 1))
        .containsExactly(
            new Verdict(
                Verdict.Kind.LOSES, A, B, CONTEST - 1, CONTEST, 14, 0, 2, 1, Math.scalb(1, -14)));
  }

  @Test
  void shouldKeepThePlaceOfAPrimaryThatIsWorseByLittle() {
    Contest contest = new Contest(RULE);
    assertThat(run(contest, 0, 14, B, 1, .96))
        .singleElement()
        .satisfies(
            verdict -> {
              assertThat(verdict.kind()).isEqualTo(Verdict.Kind.KEEPS);
              assertThat(verdict.won()).isEqualTo(14);
              assertThat(verdict.improvement()).isEqualTo(.04, within(1e-6));
            });
  }

  @Test
  void shouldKeepThePlaceOfAPrimaryThatLosesByFewBlocksAlone() {
    Contest contest = new Contest(RULE);
    run(contest, 0, 3, B, 1, 1.1);
    assertThat(run(contest, 3, 11, B, 2, 1))
        .singleElement()
        .satisfies(
            verdict -> {
              assertThat(verdict.kind()).isEqualTo(Verdict.Kind.KEEPS);
              assertThat(verdict.pValue()).isEqualTo(.0286865234375, within(1e-12));
            });
    run(contest, 14, 2, B, 1, 1.1);
    assertThat(run(contest, 16, 12, B, 2, 1))
        .extracting(Verdict::kind)
        .containsExactly(Verdict.Kind.LOSES);
  }

  @Test
  void shouldLeaveOutDraws() {
    Contest contest = new Contest(RULE);
    run(contest, 0, 8, B, 1, 1);
    assertThat(run(contest, 8, 6, B, 2, 1))
        .singleElement()
        .satisfies(
            verdict -> {
              assertThat(verdict.won()).isEqualTo(6);
              assertThat(verdict.lost()).isZero();
              assertThat(verdict.pValue()).isEqualTo(1 / 64.0, within(1e-12));
              assertThat(verdict.kind()).isEqualTo(Verdict.Kind.KEEPS);
            });
  }

  @Test
  void shouldGoOnUntilThereAreAsManyOriginsAsWanted() {
    Contest contest = new Contest(new PromotionRule(.05, 61, .99, 8, 4, false));
    assertThat(run(contest, 0, 15, B, 2, 1)).isEmpty();
    assertThat(run(contest, 15, 1, B, 2, 1)).extracting(Verdict::origins).containsExactly(64);
  }

  @Test
  void shouldCoolDownAfterADecision() {
    Contest contest = new Contest(RULE);
    run(contest, 0, 14, B, 2, 1);
    assertThat(run(contest, 14, 2 + 13, B, 2, 1)).as("two blocks to cool down").isEmpty();
    assertThat(run(contest, 29, 1, B, 2, 1)).hasSize(1);
  }

  @Test
  void shouldAskMoreOfEachWhereSeveralMayBeLucky() {
    PromotionRule rule = new PromotionRule(.05, 50, .99, 8, 4, false);
    Contest two = new Contest(rule);
    Contest one = new Contest(rule);
    List<Verdict> ofTwo = new ArrayList<>();
    List<Verdict> ofOne = new ArrayList<>();
    for (int block = 0; block < 14; block++) {
      double loss = block < 2 ? 3 : 1;
      one.add(bout(block * 4, A, B, 2, loss));
      two.add(bout(block * 4, A, B, 2, loss));
      two.add(bout(block * 4, A, C, 2, 3));
      for (int more = 1; more < 4; more++) {
        one.add(bout(block * 4 + more, A, B, 2, loss));
        two.add(bout(block * 4 + more, A, B, 2, loss));
      }
      ofOne.addAll(close(one, block));
      ofTwo.addAll(close(two, block));
    }
    // 12 of 14 are .0065, which is below .01 and not below .005.
    assertThat(ofOne).extracting(Verdict::kind).containsExactly(Verdict.Kind.LOSES);
    assertThat(ofTwo).extracting(Verdict::kind).containsExactly(Verdict.Kind.KEEPS);
  }

  @Test
  void shouldChooseTheBestOfSeveral() {
    Contest contest = new Contest(RULE);
    List<Verdict> verdicts = new ArrayList<>();
    for (int block = 0; block < 14; block++) {
      for (int cell = block * 4; cell < block * 4 + 4; cell++) {
        contest.add(bout(cell, A, B, 2, 1));
        contest.add(bout(cell, A, C, 2, .5));
      }
      verdicts.addAll(close(contest, block));
    }
    assertThat(verdicts)
        .extracting(Verdict::kind, Verdict::rival)
        .containsExactly(tuple(Verdict.Kind.KEEPS, B), tuple(Verdict.Kind.LOSES, C));
  }

  @Test
  void shouldPassOverWhoCannotAnswer() {
    Contest contest = new Contest(RULE);
    for (int block = 0; block < 20; block++) {
      for (int cell = block * 4; cell < block * 4 + 4; cell++) {
        contest.add(bout(cell, A, B, 2, 1));
      }
      assertThat(contest.closeThrough(block, any -> false)).isEmpty();
    }
  }

  @Test
  void shouldTellOfANaiveThatIsBetterAndReplaceThePrimaryIfToldTo() {
    assertThat(run(new Contest(RULE), 0, 14, null, 1.2, 1))
        .extracting(Verdict::kind, Verdict::rival)
        .containsExactly(tuple(Verdict.Kind.OUTDONE, null));
    assertThat(run(new Contest(RULE), 0, 14, null, 1, 1.2)).isEmpty();
    PromotionRule replacing = new PromotionRule(.05, 50, .99, 8, 4, true);
    assertThat(run(new Contest(replacing), 0, 14, null, 1.2, 1))
        .extracting(Verdict::kind)
        .containsExactly(Verdict.Kind.OUTDONE, Verdict.Kind.LOSES);
  }

  @Test
  void shouldPreferAModelToTheNaive() {
    Contest contest = new Contest(new PromotionRule(.05, 50, .99, 8, 4, true));
    List<Verdict> verdicts = new ArrayList<>();
    for (int block = 0; block < 14; block++) {
      for (int cell = block * 4; cell < block * 4 + 4; cell++) {
        contest.add(bout(cell, A, B, 2, 1));
        contest.add(bout(cell, A, null, 2, .5));
      }
      verdicts.addAll(close(contest, block));
    }
    assertThat(verdicts)
        .extracting(Verdict::kind, Verdict::rival)
        .containsExactly(tuple(Verdict.Kind.OUTDONE, null), tuple(Verdict.Kind.LOSES, B));
  }

  @Test
  void shouldRefuseWhatComesAfterItsBlockIsClosed() {
    Contest contest = new Contest(RULE);
    close(contest, 3);
    assertThat(contest.add(bout(15, A, B, 2, 1))).isFalse();
    assertThat(contest.add(bout(16, A, B, 2, 1))).isTrue();
  }

  @Test
  void shouldForgetARivalThatStandsBesideNoMore() {
    Contest contest = new Contest(RULE);
    run(contest, 0, 10, B, 2, 1);
    assertThat(run(contest, 10, 15, C, 2, 3)).hasSize(1);
    assertThat(run(contest, 25, 13, B, 2, 1)).as("begins anew").isEmpty();
    assertThat(run(contest, 38, 1, B, 2, 1)).hasSize(1);
  }

  @Test
  void shouldLetNoSingleLossDecide() {
    assertThat(Bout.parts(1e300)).isEqualTo(100L * Bout.UNIT);
    assertThat(Bout.parts(.5)).isEqualTo(Bout.UNIT / 2);
  }

  @Test
  void shouldComeToTheSameInAnyOrderAndAfterAnyRestore() {
    Random random = new Random(7);
    List<Bout> all = new ArrayList<>();
    for (int cell = 0; cell < 400; cell++) {
      ModelName primary = cell < 150 ? A : B;
      ModelName rival = cell < 150 ? B : A;
      for (int series = 0; series < 5; series++) {
        all.add(bout(cell, primary, rival, random.nextDouble() * 3, random.nextDouble()));
        all.add(bout(cell, primary, null, random.nextDouble(), random.nextDouble()));
      }
    }
    Contest straight = new Contest(RULE);
    all.forEach(straight::add);
    List<Verdict> expected = new ArrayList<>();
    for (int block = 0; block < 100; block++) {
      expected.addAll(close(straight, block));
    }
    Collections.shuffle(all, random);
    Contest shuffled = new Contest(RULE);
    all.forEach(shuffled::add);
    List<Verdict> found = new ArrayList<>();
    for (int block = 0; block < 100; block++) {
      shuffled = Contest.read(RULE, shuffled.bytes());
      found.addAll(close(shuffled, block));
    }
    assertThat(found).isEqualTo(expected).isNotEmpty();
    assertThat(shuffled.bytes()).isEqualTo(straight.bytes());
  }

  @Test
  void shouldReadItsBytesForEver() {
    Contest contest = new Contest(RULE);
    run(contest, 0, 2, B, 2, 1);
    contest.add(bout(9, A, B, 3, 1));
    contest.add(bout(9, A, null, 3, 2));
    String kept =
        "010000000400000000000000010000000000000000000000090100016100013100000001000000000000000200000002010001610001310000000000003000000000000000200000000000000000000100000001000000010201000161000131010001620001310000000000300000000000000010000000000000000000010000000100000001020000000101000161000131010001620001310000000800000002000000020000000040300000000000004020000000000000402000000000000000000000000000010000000000000007";
    assertThat(HexFormat.of().formatHex(contest.bytes())).isEqualTo(kept);
    Contest read = Contest.read(RULE, HexFormat.of().parseHex(kept));
    assertThat(read.bytes()).isEqualTo(contest.bytes());
    assertThat(run(read, 3, 10, B, 2, 1)).as("13 blocks").isEmpty();
    assertThat(run(read, 13, 1, B, 2, 1)).hasSize(1);
  }

  @Test
  void shouldBeginAnewWhereBlocksAreOfAnotherLength() {
    Contest contest = new Contest(RULE);
    run(contest, 0, 13, B, 2, 1);
    PromotionRule longer = new PromotionRule(.05, 50, .99, 8, 5, false);
    assertThat(Contest.read(longer, contest.bytes()).bytes())
        .isEqualTo(new Contest(longer).bytes());
  }

  @Test
  void shouldRefuseBytesThatAreNone() {
    byte[] bytes = new Contest(RULE).bytes();
    byte[] later = bytes.clone();
    later[0] = 2;
    assertThatThrownBy(() -> Contest.read(RULE, later)).hasMessageContaining("version=2");
    assertThatThrownBy(() -> Contest.read(RULE, Arrays.copyOf(bytes, 12)))
        .hasMessageContaining("their bytes end early");
  }

  @Test
  void shouldRefuseARuleThatCannotBe() {
    assertThatThrownBy(() -> new PromotionRule(1, 50, .99, 8, 4, false))
        .hasMessage("must be within 0..1: betterBy=1.0");
    assertThatThrownBy(() -> new PromotionRule(.05, 50, .9999, 8, 4, false))
        .hasMessage("must be within 0.5..0.999: confidence=0.9999");
    assertThatThrownBy(() -> new PromotionRule(.05, 0, .99, 8, 4, false))
        .hasMessage("must be positive: origins=0");
  }
}
