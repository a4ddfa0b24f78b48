package io.tidecast.runtime.serving;

import io.tidecast.runtime.manifest.ForecasterSpec;
import io.tidecast.runtime.onnx.device.Placement;
import io.tidecast.runtime.windows.Window;
import java.util.Arrays;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The place of one user at a {@link MicroBatcher}: where it hands over windows, and finds their
 * answers.
 *
 * <p>Answers don't come to the user, it is told that there are some: {@code wakeUp} is called once
 * for all that come until the user has looked, so that a batch costs one message and not one for
 * each window. It is called, too, when there is room again for a window that was refused. So a user
 * that was refused can do other things until it is woken, and then {@link #drain} and {@link
 * #offer} again.
 *
 * <p>One thread at a time uses it.
 *
 * @param <R> what the user knows its windows by
 */
public final class ModelUser<R> implements Caller, AutoCloseable {

  /** Receives answers. */
  @FunctionalInterface
  public interface Receiver<R> {

    /**
     * @param request that was handed over with the window
     */
    void answered(R request, Answer answer);
  }

  /**
   * Who it is.
   *
   * @param spec what its forecasts are: the model's, cut or rolled out
   * @param listener hears of runs, on the threads that run them
   * @param wakeUp is called by any thread, never after {@link #close} has returned; it must return
   *     soon, and may not use this place
   */
  record Identity(ForecasterSpec spec, ServingListener listener, Runnable wakeUp) {}

  private static final int FIRST_ROOM = 16;

  private final MicroBatcher batcher;
  private final Identity identity;
  private final BooleanSupplier leaves;

  /** Held while the user is woken, and taken before the other lock, which who is woken wants. */
  private final Object waking = new Object();

  private final Object lock = new Object();
  // Guarded by the lock.
  private @Nullable Object[] requests = new Object[FIRST_ROOM];
  private @Nullable Answer[] answers = new Answer[FIRST_ROOM];
  private int answered;
  private boolean awake;

  /** Written with both locks held. */
  private volatile boolean left;

  // These are of the thread that drains, and what it has taken by an exchange of arrays.
  private @Nullable Object[] drainedRequests = new Object[FIRST_ROOM];
  private @Nullable Answer[] drainedAnswers = new Answer[FIRST_ROOM];
  private int drained;
  private int given;

  ModelUser(MicroBatcher batcher, Identity identity, BooleanSupplier leaves) {
    this.batcher = batcher;
    this.identity = identity;
    this.leaves = leaves;
  }

  /** What its forecasts are. */
  @Override
  public ForecasterSpec spec() {
    return identity.spec();
  }

  @Override
  public ServingListener listener() {
    return identity.listener();
  }

  /** Whether the forecasts of the model move with their context. */
  public boolean isShiftEquivariant() {
    return batcher.isShiftEquivariant();
  }

  /** Says where the model runs. */
  public Placement placement() {
    return batcher.placement();
  }

  /**
   * Hands over a window.
   *
   * @param window not to be changed until there is an answer
   * @param request what comes back with the answer
   * @return whether there was room; if not, {@code wakeUp} is called as soon as there is, and the
   *     place is kept until the next offer
   * @throws ModelBrokenException if the model, or something around it, has thrown an error
   * @throws IllegalStateException if this place is closed
   */
  public boolean offer(Window window, R request) {
    return batcher.offer(this, window, request);
  }

  /**
   * Gives out all answers that there are, in the order in which they were made.
   *
   * @return their number
   * @throws ModelBrokenException if no further answers will come, since the model, or something
   *     around it, has thrown an error
   */
  public int drain(Receiver<? super R> receiver) {
    int count = 0;
    while (given < drained || takeAnswers()) {
      int next = given++;
      @SuppressWarnings("unchecked") // Only offer puts something in.
      R request = (R) drainedRequests[next];
      Answer answer = drainedAnswers[next];
      drainedRequests[next] = null;
      drainedAnswers[next] = null;
      if (answer != null) {
        receiver.answered(request, answer);
        count++;
      }
    }
    batcher.requireWhole();
    return count;
  }

  private boolean takeAnswers() {
    synchronized (lock) {
      awake = false;
      @Nullable Object[] emptyRequests = drainedRequests;
      @Nullable Answer[] emptyAnswers = drainedAnswers;
      drainedRequests = requests;
      drainedAnswers = answers;
      requests = emptyRequests;
      answers = emptyAnswers;
      drained = answered;
      answered = 0;
      given = 0;
      return drained > 0;
    }
  }

  /**
   * Takes an answer in.
   *
   * @return whether the user is to be woken
   */
  boolean add(@Nullable Object request, Answer answer) {
    synchronized (lock) {
      if (left) {
        return false;
      }
      take(request, answer);
      return awaken();
    }
  }

  /**
   * Takes the answers of some windows in, all of them this user's.
   *
   * @return whether the user is to be woken
   */
  boolean add(Pending[] windows, int from, int to) {
    synchronized (lock) {
      if (left) {
        return false;
      }
      for (int i = from; i < to; i++) {
        take(windows[i].request(), windows[i].answer());
      }
      return awaken();
    }
  }

  private void take(@Nullable Object request, Answer answer) {
    if (answered == answers.length) {
      requests = Arrays.copyOf(requests, 2 * answered);
      answers = Arrays.copyOf(answers, 2 * answered);
    }
    requests[answered] = request;
    answers[answered] = answer;
    answered++;
  }

  /** Tells whether the user is to be woken for something that it is to look at. */
  boolean toWake() {
    synchronized (lock) {
      return !left && awaken();
    }
  }

  /**
   * Hears that there was no room: it is woken for the next place even if it has not looked since it
   * was last woken.
   */
  void refused() {
    synchronized (lock) {
      awake = false;
    }
  }

  private boolean awaken() {
    boolean slept = !awake;
    awake = true;
    return slept;
  }

  void wakeUp() {
    synchronized (waking) {
      if (!left) {
        identity.wakeUp().run();
      }
    }
  }

  /** Returns the number of windows of this user that wait for a run; any thread. */
  public int waiting() {
    return batcher.waitingOf(this);
  }

  /** Tells whether the model is given up at the moment, for all its users; any thread. */
  public boolean isGivenUp() {
    return batcher.isGivenUp();
  }

  /**
   * Leaves: its windows that wait are taken out, and those that are being run get no answer. The
   * last user of a model that leaves ends what runs, and closes the model. Leaving twice is
   * harmless.
   */
  @Override
  public void close() {
    synchronized (waking) {
      synchronized (lock) {
        if (left) {
          return;
        }
        left = true;
      }
    }
    batcher.leave(this, leaves);
  }

  boolean hasLeft() {
    return left;
  }
}
