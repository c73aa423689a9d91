"""Writes gymnasium-control.txt: trajectories of Gymnasium's classic control environments.

Needs gymnasium==1.2.0 and numpy; run it in this folder. A trajectory is a line "id seed first-observation", a line
"actions" with runs of "action*count", then lines "step reward terminated observation" of selected steps. Floats are
the hexadecimal digits of their float32.
"""

import struct

import gymnasium as gym
import numpy as np

def h(x): return struct.pack('>f', np.float32(x)).hex()
out=[]
def rule(name, t, seed):
    # A small hash of the step and the seed.
    x=(t*2654435761+seed*40503+12345)&0xffffffff
    x^=x>>16; x=(x*0x45d9f3b)&0xffffffff; x^=x>>16
    return x
for name,discrete in [("CartPole-v1",2),("MountainCar-v0",3),("MountainCarContinuous-v0",0),("Acrobot-v1",3),("Pendulum-v1",0)]:
    for seed in [0,7,123456789]:
        env=gym.make(name, max_episode_steps=100000).unwrapped
        obs,_=env.reset(seed=seed)
        out.append(f"{name} {seed} "+" ".join(h(v) for v in obs))
        # The acrobot is chaotic: after about 450 steps the last bit of a cosine decides (as it does between machines).
        N = 300 if name in ("CartPole-v1", "Acrobot-v1") else 600
        actions=[]; rows=[]
        for t in range(N):
            x=rule(name,t//(1 if name=="CartPole-v1" else 7),seed)
            if discrete:
                if name=="CartPole-v1":
                    # balance by angle + angular velocity, with a random push every 5th step
                    a=(1 if obs[2]+0.3*obs[3]>0 else 0) if t%5 else x%2
                elif name=="MountainCar-v0" :
                    a=(2 if obs[1]>=0 else 0) if seed==7 else x%3
                else: a=x%3
                act=a
            else:
                a=np.float32((x%2001)/1000.0-1.0)
                if name=="Pendulum-v1": a=np.float32(a*np.float32(2.5))
                elif seed==7: a=np.float32(1.2) if obs[1]>=0 else np.float32(-1.2)
                act=np.array([a],dtype=np.float32)
            word=str(a) if discrete else h(a)
            if actions and actions[-1][0]==word: actions[-1][1]+=1
            else: actions.append([word,1])
            obs,r,term,trunc,_=env.step(act)
            if t<5 or t%20==19 or term:
                rows.append(f"{t} {h(r)} {int(term)} "+" ".join(h(v) for v in obs))

            if term: break
        out.append("actions "+" ".join(f"{w}*{n}" for w,n in actions))
        out+=rows
open('gymnasium-control.txt','w').write("\n".join(out)+"\n")
