package io.tidecast.runtime.serving;

import io.tidecast.runtime.manifest.ForecasterSpec;
import io.tidecast.runtime.onnx.device.Placement;
import io.tidecast.runtime.windows.ForecastStoppedException;
import io.tidecast.runtime.windows.Forecaster;
import io.tidecast.runtime.windows.Window;
import java.lang.System.Logger.Level;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Runs a model over the windows of all its users, in batches: threads take whatever waits, up to a
 * full batch, and where they are told to, wait a little for a batch to be full. Under light load a
 * window is run at once, under heavy load batches are full. Windows of one user are answered in the
 * order in which they came if there is one thread; with more, batches pass each other.
 *
 * <p>The queue has an end: who offers a window to a full one is refused, has the next place that
 * becomes free kept for it, and is woken then. No thread spins, and nothing is made for a window
 * but its forecast.
 *
 * <p>An {@link Error} of the model, or whatever a listener throws, breaks the batcher for good: all
 * users are woken, and told by a {@link ModelBrokenException}.
 *
 * <p>Any thread.
 */
public final class MicroBatcher {

  private static final System.Logger LOGGER = System.getLogger(MicroBatcher.class.getName());

  /** A run that was told to end, and has not after this time, is not waited for. */
  private static final long STOP_PATIENCE_SECONDS = 10;

  private static final String STUCK =
      "model must end a run that it is told to end, it goes on, so the window could only wait";

  private final Forecaster model;
  private final ServingOptions options;
  private final ModelConduct conduct;
  private final int mostWorkers;

  private final Object lock = new Object();
  // Guarded by the lock.
  private final BatchQueue queue;
  private final Pending[] free;
  private int frees;
  private final List<ModelUser<?>> users = new ArrayList<>();
  private int joining;
  private final ArrayDeque<ModelUser<?>> refused = new ArrayDeque<>();
  private final @Nullable Worker[] workers;

  private volatile @Nullable Throwable failure;
  private volatile boolean stopping;

  /**
   * @param model closed with the last user
   * @param mostWorkers threads where the options have as many as there are users
   */
  public MicroBatcher(Forecaster model, ServingOptions options, int mostWorkers) {
    this.model = model;
    this.options = options;
    this.conduct = new ModelConduct(options);
    this.mostWorkers =
        options.workers() == ServingOptions.AS_MANY_AS_USERS ? mostWorkers : options.workers();
    this.queue = new BatchQueue(options);
    this.workers = new Worker[this.mostWorkers];
    this.free = new Pending[queue.capacity() + this.mostWorkers * options.maxBatchSize()];
    for (int i = 0; i < free.length; i++) {
      free[i] = new Pending();
    }
    this.frees = free.length;
  }

  /**
   * Takes in a user.
   *
   * @param spec what its forecasts are: those of the model, or what its manifest gave for another
   *     horizon
   * @param listener hears of runs, on the threads that run them
   * @param wakeUp is called by any thread when the user is to look; it must return soon, and may
   *     not use the place
   */
  public <R> ModelUser<R> join(ForecasterSpec spec, ServingListener listener, Runnable wakeUp) {
    return join(new ModelUser.Identity(spec, listener, wakeUp), this::hasNoUser);
  }

  private boolean hasNoUser() {
    synchronized (lock) {
      return users.isEmpty();
    }
  }

  /**
   * @param leaves is asked when the user has left: whether that was the last
   */
  <R> ModelUser<R> join(ModelUser.Identity identity, BooleanSupplier leaves) {
    ModelUser<R> user = new ModelUser<>(this, identity, leaves);
    prepareWorkers();
    synchronized (lock) {
      requireOpen();
      users.add(user);
      for (int i = 0; i < wantedWorkers(); i++) {
        if (workers[i] == null) {
          Worker worker = new Worker(i);
          workers[i] = worker;
          worker.thread.start();
        }
      }
    }
    return user;
  }

  /** Has made what the workers of one more user need, which may take long and so holds no lock. */
  private void prepareWorkers() {
    int wanted;
    synchronized (lock) {
      requireOpen();
      joining++;
      wanted = wantedWorkers(users.size() + joining);
    }
    try {
      for (int i = 0; i < wanted; i++) {
        model.beside(i);
      }
    } finally {
      synchronized (lock) {
        joining--;
      }
    }
  }

  private void requireOpen() {
    requireWhole();
    if (stopping) {
      throw new IllegalStateException("batcher is closed: model=" + name());
    }
  }

  private int wantedWorkers() {
    return wantedWorkers(users.size());
  }

  private int wantedWorkers(int ofUsers) {
    return options.workers() == ServingOptions.AS_MANY_AS_USERS
        ? Math.min(ofUsers, mostWorkers)
        : mostWorkers;
  }

  private String name() {
    return model.spec().id() + "/" + model.spec().version();
  }

  boolean isShiftEquivariant() {
    return model.isShiftEquivariant();
  }

  Placement placement() {
    return model.placement();
  }

  /** Tells whether an error has ended it. */
  boolean isBroken() {
    return failure != null;
  }

  void requireWhole() {
    Throwable broken = failure;
    if (broken != null) {
      throw new ModelBrokenException(
          "model must not throw an error, it did: model=%s: %s".formatted(name(), broken), broken);
    }
  }

  /** Tells whether the model is given up at the moment. */
  boolean isGivenUp() {
    if (conduct.breaker().isOpen()) {
      return true;
    }
    long nowNanos = options.nanoClock().getAsLong();
    synchronized (lock) {
      return isStuck(nowNanos);
    }
  }

  int waitingOf(ModelUser<?> user) {
    synchronized (lock) {
      return queue.sizeOf(user);
    }
  }

  boolean offer(ModelUser<?> user, Window window, @Nullable Object request) {
    requireWhole();
    boolean wakeUser = false;
    Worker wake = null;
    // It is asked once, and before the lock, which the workers want too.
    long nowNanos = options.nanoClock().getAsLong();
    synchronized (lock) {
      if (user.hasLeft()) {
        throw new IllegalStateException("the user has left: model=" + name());
      }
      if (isStuck(nowNanos)) {
        wakeUser = user.add(request, new Answer.Failed(STUCK));
      } else if (!hasRoomFor(user)) {
        user.refused();
        return false;
      } else {
        Pending pending = free[--frees];
        pending.set(user, window, request, nowNanos);
        queue.add(pending);
        wake = toWake();
      }
    }
    if (wake != null) {
      LockSupport.unpark(wake.thread);
    }
    if (wakeUser) {
      user.wakeUp();
    }
    return true;
  }

  /** Tells whether there is room for a window that is not kept for another; if not, keeps some. */
  private boolean hasRoomFor(ModelUser<?> user) {
    int room = queue.capacity() - queue.size();
    if (refused.isEmpty()) {
      if (room == 0) {
        refused.add(user);
      }
      return room > 0;
    }
    for (ModelUser<?> other : refused) {
      if (other == user) {
        break;
      }
      room--;
    }
    if (room > 0) {
      refused.remove(user);
    } else if (!refused.contains(user)) {
      refused.add(user);
    }
    return room > 0;
  }

  /** Tells whether no thread will come back for a window: each is in a run that does not end. */
  private boolean isStuck(long nowNanos) {
    boolean any = false;
    for (Worker worker : workers) {
      if (worker != null) {
        if (worker.state != Worker.State.BUSY || !worker.runner.isStuck(nowNanos)) {
          return false;
        }
        any = true;
      }
    }
    return any;
  }

  /**
   * Finds a worker that should look at the queue: one for each batch that is due, and one that
   * watches the time of what is left. It counts as woken.
   */
  private @Nullable Worker toWake() {
    int woken = 0;
    int watching = 0;
    Worker idle = null;
    Worker timing = null;
    for (Worker worker : workers) {
      if (worker == null) {
        continue;
      }
      switch (worker.state) {
        case WOKEN -> woken++;
        case IDLE -> idle = idle == null ? worker : idle;
        case WATCHING -> {
          watching++;
          timing = worker;
        }
        case BUSY -> {}
      }
    }
    if (idle == null && timing == null) {
      // Under heavy load it is so for nearly every window; they look before they rest.
      return null;
    }
    int due = queue.batchesDue();
    int more = queue.hasMore() ? 1 : 0;
    Worker wake = null;
    if (woken < due) {
      wake = timing != null ? timing : idle;
    } else if (woken + watching < due + more) {
      wake = idle;
    }
    if (wake != null) {
      wake.state = Worker.State.WOKEN;
    }
    return wake;
  }

  void leave(ModelUser<?> user, BooleanSupplier leaves) {
    List<ModelUser<?>> wake = new ArrayList<>();
    synchronized (lock) {
      Pending[] gone = new Pending[queue.size()];
      int count = queue.removeOf(user, gone);
      for (int i = 0; i < count; i++) {
        putBack(gone[i]);
      }
      users.remove(user);
      refused.remove(user);
      wakeRefused(wake);
    }
    wake.forEach(ModelUser::wakeUp);
    if (leaves.getAsBoolean()) {
      close();
    } else {
      // One that is one too many ends.
      for (Worker worker : startedWorkers()) {
        LockSupport.unpark(worker.thread);
      }
    }
  }

  private List<Worker> startedWorkers() {
    List<Worker> started = new ArrayList<>();
    synchronized (lock) {
      for (Worker worker : workers) {
        if (worker != null) {
          started.add(worker);
        }
      }
    }
    return started;
  }

  private void putBack(Pending pending) {
    pending.clear();
    free[frees++] = pending;
  }

  /** Collects those who were refused and have a place now. */
  private void wakeRefused(List<ModelUser<?>> wake) {
    if (refused.isEmpty()) {
      return;
    }
    int room = queue.capacity() - queue.size();
    for (ModelUser<?> user : refused) {
      if (room-- <= 0) {
        return;
      }
      if (user.toWake()) {
        wake.add(user);
      }
    }
  }

  /**
   * Ends what runs, and closes the model, once the threads have ended, or after a while if a run
   * does not. An interrupt of the calling thread is kept for later.
   */
  void close() {
    synchronized (lock) {
      stopping = true;
    }
    List<Worker> started = startedWorkers();
    for (Worker worker : started) {
      worker.thread.interrupt();
    }
    boolean interrupted = false;
    long deadlineNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(STOP_PATIENCE_SECONDS);
    for (Worker worker : started) {
      while (worker.thread.isAlive() && System.nanoTime() - deadlineNanos < 0) {
        try {
          long leftNanos = Math.max(1, deadlineNanos - System.nanoTime());
          TimeUnit.NANOSECONDS.timedJoin(worker.thread, leftNanos);
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
      if (worker.thread.isAlive()) {
        LOGGER.log(
            Level.WARNING,
            "A run of the model does not end, although it was told to {0} seconds ago; its thread is left behind",
            STOP_PATIENCE_SECONDS);
      }
    }
    model.close();
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void breakDown(Throwable t) {
    List<ModelUser<?>> toTell;
    synchronized (lock) {
      if (failure == null) {
        failure = t;
      }
      toTell = List.copyOf(users);
    }
    for (ModelUser<?> user : toTell) {
      if (user.toWake()) {
        user.wakeUp();
      }
    }
    for (Worker worker : startedWorkers()) {
      LockSupport.unpark(worker.thread);
    }
  }

  /** A thread with batches of its own. */
  private final class Worker {

    private enum State {
      /** It looks at the queue next, as soon as it has the lock. */
      WOKEN,
      /** It waits until it is woken. */
      IDLE,
      /** It waits until it is woken or the oldest window has waited for long enough. */
      WATCHING,
      BUSY
    }

    private final int number;
    private final ModelRunner runner;
    private final Pending[] batch = new Pending[options.maxBatchSize()];
    private final List<ModelUser<?>> wake = new ArrayList<>(options.maxBatchSize());
    private final Thread thread;

    /** This is guarded by the lock. */
    private State state = State.WOKEN;

    private int size;

    Worker(int number) {
      this.number = number;
      this.runner = new ModelRunner(model.beside(number), options, conduct);
      String name = "tidecast-inference of " + name();
      this.thread = new Thread(this::work, number == 0 ? name : name + " " + (number + 1));
      this.thread.setDaemon(true);
      this.thread.setContextClassLoader(null);
    }

    private void work() {
      try {
        while (takeBatch()) {
          runner.answer(batch, size);
          deliver();
        }
      } catch (ForecastStoppedException e) {
        if (!stopping) {
          breakDown(e);
        }
      } catch (Throwable t) {
        breakDown(t);
      }
    }

    /** Waits for a batch; tells whether there is one, or this worker's time is over. */
    private boolean takeBatch() {
      while (true) {
        boolean isOver;
        long waitNanos;
        Worker next = null;
        synchronized (lock) {
          for (int i = 0; i < size; i++) {
            putBack(batch[i]);
          }
          size = 0;
          isOver = stopping || isBroken() || number >= wantedWorkers();
          if (isOver) {
            // Another does what this one was woken for.
            workers[number] = null;
            waitNanos = 0;
            next = toWake();
          } else {
            long nowNanos = options.nanoClock().getAsLong();
            size = queue.take(batch, nowNanos);
            waitNanos = queue.nanosUntilDue(nowNanos);
            if (size > 0) {
              state = State.BUSY;
              next = toWake();
              wakeRefused(wake);
            } else {
              state = waitNanos == Long.MAX_VALUE ? State.IDLE : State.WATCHING;
            }
          }
        }
        if (next != null) {
          LockSupport.unpark(next.thread);
        }
        wakeUsers();
        if (isOver || size > 0) {
          return !isOver;
        }
        if (waitNanos == Long.MAX_VALUE) {
          LockSupport.park(this);
        } else {
          LockSupport.parkNanos(this, waitNanos);
        }
      }
    }

    private void deliver() {
      int from = 0;
      while (from < size) {
        Caller caller = batch[from].caller();
        int to = from + 1;
        while (to < size && batch[to].caller() == caller) {
          to++;
        }
        ModelUser<?> user = (ModelUser<?>) caller;
        if (user.add(batch, from, to)) {
          wake.add(user);
        }
        from = to;
      }
      wakeUsers();
    }

    private void wakeUsers() {
      for (int i = 0; i < wake.size(); i++) {
        wake.get(i).wakeUp();
      }
      wake.clear();
    }
  }
}
